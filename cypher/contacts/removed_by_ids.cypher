// purpose: removed edges by their contact's ids (D6)
// params: practice: STRING, ids: LIST<STRING>
// returns: contact
// access: read
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAD_CONTACT]->(p)
WHERE r.contactId IN $ids AND r.final = true AND r.practice = $practice
RETURN r{.*, client: c{.*}, person: p{.*}} AS contact
