// purpose: whom staff said that people are not, beside what the audit log says of it
// params: practice: STRING, ids: LIST<STRING>
// returns: personId, other, by
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[v:NOT_DUPLICATE_OF]->(q:Person)
WHERE p.practice = $practice
RETURN p.id AS personId, q.id AS other, v.by AS by
