// purpose: tie people to match keys that are locked already
// params: practice: STRING, rows: LIST<MAP>
// returns: key
// access: write
UNWIND $rows AS row
MATCH (p:Person {id: row.personId})
WHERE p.practice = $practice
MATCH (k:MatchKey {key: row.key})
CREATE (p)-[:HAS_KEY]->(k)
RETURN k.key AS key
