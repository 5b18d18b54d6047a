// purpose: some of a client's threads that have a key; for erasing, which takes them out of the next page
// params: practice: STRING, clientId: STRING, size: INTEGER
// returns: id
// access: read
MATCH (c:Person {id: $clientId})-[:HAS_THREAD]->(t:Thread)
WHERE c.practice = $practice AND t.practice = $practice AND t.wrappedKey IS NOT NULL
RETURN t.id AS id
LIMIT $size
