// purpose: the words people are searched by
// params: practice: STRING, rows: LIST<MAP>
// returns: key
// access: write
UNWIND $rows AS row
MATCH (p:Person {id: row.personId})
WHERE p.practice = $practice
CREATE (p)-[:HAS_NAME]->(n:NameKey {key: row.key, practice: $practice, personId: row.personId, text: row.text})
RETURN n.key AS key
