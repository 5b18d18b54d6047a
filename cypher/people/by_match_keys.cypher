// purpose: people who share a match key, at most `limit` a key
// params: practice: STRING, keys: LIST<STRING>, limit: INTEGER, person: LIST<STRING>
// returns: key, people
// access: read
UNWIND $keys AS key
MATCH (k:MatchKey {key: key})
WHERE k.practice = $practice
RETURN key, COLLECT { MATCH (p:Person)-[:HAS_KEY]->(k) RETURN [name IN $person | p[name]] AS record LIMIT $limit } AS people
