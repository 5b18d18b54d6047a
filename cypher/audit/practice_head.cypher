// purpose: where the practice's own chain ends, as its node says
// params: practice: STRING
// returns: id, head
// access: read
MATCH (p:Practice {id: $practice})
RETURN p.id AS id, [p.auditCount, p.auditHead, p.auditAt] AS head
