// purpose: a changed edge, its last version kept beside it (history)
// params: practice: STRING, id: STRING, properties: MAP, version: MAP
// returns: id
// access: write
MATCH (c:Person)-[r:HAS_CONTACT]->(p:Person)
WHERE r.id = $id AND r.practice = $practice
CREATE (c)-[h:HAD_CONTACT]->(p)
SET h = $version, h.practice = $practice
SET r = $properties, r.practice = $practice
RETURN r.id AS id
