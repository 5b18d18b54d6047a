// purpose: people as they are, and where their chains end, beside what the audit log says of them
// params: practice: STRING, ids: LIST<STRING>, person: LIST<STRING>
// returns: person, head
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
RETURN [k IN $person | p[k]] AS person, [p.auditCount, p.auditHead, p.auditAt] AS head
