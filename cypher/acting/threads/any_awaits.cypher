// purpose: whether any of a client's threads waits for an answer of staff
// params: practice: STRING, clientId: STRING
// returns: id
// access: read
MATCH (c:Person {id: $clientId})-[:HAS_THREAD]->(t:Thread)
WHERE t.practice = $practice AND t.status = 'OPEN' AND t.lastSide <> 'staff'
RETURN t.id AS id
LIMIT 1
