// purpose: a person's own fields, all of them; where their audit chain ends, and since when their network is so, stay
// params: practice: STRING, id: STRING, properties: MAP
// returns: id
// access: write
MATCH (p:Person {id: $id})
WHERE p.practice = $practice
WITH p, p.auditCount AS count, p.auditHead AS head, p.auditAt AS at, p.networkSince AS since
SET p = $properties, p.practice = $practice, p.auditCount = count, p.auditHead = head, p.auditAt = at,
  p.networkSince = since
RETURN p.id AS id
