// purpose: new edges from client to contact (D2), with the days on which their terms end, and since when the clients' networks are so; the constraint refuses a second one per pair (D3)
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
UNWIND $rows AS row
MATCH (c:Person {id: row.clientId})
WHERE c.practice = $practice
MATCH (p:Person {id: row.personId})
WHERE p.practice = $practice
CREATE (c)-[r:HAS_CONTACT]->(p)
SET r = row.properties, r.practice = $practice, c.networkSince = row.properties.updatedAt
FOREACH (e IN row.ends | CREATE (:AccessEnd {key: e.key, practice: $practice, contactId: e.contactId}))
RETURN r.id AS id
