// purpose: removed edges by their contact's ids (D6)
// params: practice: STRING, ids: LIST<STRING>
// returns: contact
// access: read
MATCH (c:Person)-[r:HAD_CONTACT]->(p:Person)
WHERE r.contactId IN $ids AND r.final = true AND r.practice = $practice
RETURN r{.*, client: c{.*}, person: p{.*}} AS contact
