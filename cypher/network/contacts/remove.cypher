// purpose: end an edge; its last version stays, marked final (D6)
// params: practice: STRING, id: STRING, version: MAP
// returns: id
// access: write
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.id = $id AND r.practice = $practice
CREATE (c)-[h:HAD_CONTACT]->(p)
SET h = $version, h.practice = $practice, c.networkSince = $version.validTo
DELETE r
RETURN h.contactId AS id
