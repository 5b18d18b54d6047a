// purpose: the practice's node as it is, and where its chain ends
// params: practice: STRING, node: LIST<STRING>
// returns: node, head
// access: read
MATCH (p:Practice {id: $practice})
RETURN [k IN $node | p[k]] AS node, [p.auditCount, p.auditHead, p.auditAt] AS head
