// purpose: new edges from client to contact (D2); the constraint refuses a second one per pair (D3)
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
UNWIND $rows AS row
MATCH (c:Person {id: row.clientId})
WHERE c.practice = $practice
MATCH (p:Person {id: row.personId})
WHERE p.practice = $practice
CREATE (c)-[r:HAS_CONTACT]->(p)
SET r = row.properties, r.practice = $practice
RETURN r.id AS id
