// purpose: where people's chains end, as their nodes say
// params: practice: STRING, ids: LIST<STRING>
// returns: id, head
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
RETURN p.id AS id, [p.auditCount, p.auditHead, p.auditAt] AS head
