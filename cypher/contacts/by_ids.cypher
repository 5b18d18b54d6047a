// purpose: current edges by their ids; IN uses the edges' index, UNWIND would not
// params: practice: STRING, ids: LIST<STRING>
// returns: contact
// access: read
MATCH (c:Person)-[r:HAS_CONTACT]->(p:Person)
WHERE r.id IN $ids AND r.practice = $practice
RETURN r{.*, client: c{.*}, person: p{.*}} AS contact
