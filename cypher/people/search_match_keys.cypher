// purpose: ids of people with a match key that starts with `prefix`
// params: practice: STRING, prefix: STRING, limit: INTEGER
// returns: ids
// access: read
MATCH (k:MatchKey)
WHERE k.key STARTS WITH $prefix AND k.practice = $practice
RETURN COLLECT { MATCH (p:Person)-[:HAS_KEY]->(k) RETURN p.id AS id LIMIT $limit } AS ids
LIMIT $limit
