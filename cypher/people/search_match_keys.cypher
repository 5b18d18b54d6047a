// purpose: ids of people with a match key that starts with `prefix`
// params: practice: STRING, prefix: STRING, limit: INTEGER
// returns: ids
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (k:MatchKey)
WHERE k.key STARTS WITH $prefix AND k.practice IN [$practice]
RETURN COLLECT { MATCH (p:Person)-[:HAS_KEY]->(k) RETURN p.id AS id LIMIT $limit } AS ids
LIMIT $limit
