// purpose: external ids of people; the constraint refuses one that is taken
// params: practice: STRING, rows: LIST<MAP>
// returns: key
// access: write
UNWIND $rows AS row
MATCH (p:Person {id: row.personId})
WHERE p.practice = $practice
CREATE (e:ExternalId {key: row.key, practice: $practice, system: row.system, value: row.value, mark: row.mark})-[:IDENTIFIES]->(p)
RETURN e.key AS key
