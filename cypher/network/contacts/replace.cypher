// purpose: a changed edge, its last version kept beside it (history)
// params: practice: STRING, id: STRING, properties: MAP, version: MAP
// returns: id
// access: write
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.id = $id AND r.practice = $practice
CREATE (c)-[h:HAD_CONTACT]->(p)
SET h = $version, h.practice = $practice
SET r = $properties, r.practice = $practice, c.networkSince = $properties.updatedAt
RETURN r.id AS id
