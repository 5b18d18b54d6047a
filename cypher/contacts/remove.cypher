// purpose: end an edge; its last version stays, marked final (D6)
// params: practice: STRING, id: STRING, version: MAP
// returns: id
// access: write
MATCH (c:Person)-[r:HAS_CONTACT]->(p:Person)
WHERE r.id = $id AND r.practice = $practice
CREATE (c)-[h:HAD_CONTACT]->(p)
SET h = $version, h.practice = $practice
DELETE r
RETURN h.contactId AS id
