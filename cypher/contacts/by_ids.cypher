// purpose: current edges by their ids; IN uses the edges' index, UNWIND would not
// params: practice: STRING, ids: LIST<STRING>
// returns: contact
// access: read
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.id IN $ids AND r.practice = $practice
RETURN r{.*, client: c{.*}, person: p{.*}} AS contact
