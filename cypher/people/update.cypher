// purpose: a person's own fields, all of them; where their audit chain ends stays
// params: practice: STRING, id: STRING, properties: MAP
// returns: id
// access: write
MATCH (p:Person {id: $id})
WHERE p.practice = $practice
WITH p, p.auditCount AS count, p.auditHead AS head, p.auditAt AS at
SET p = $properties, p.practice = $practice, p.auditCount = count, p.auditHead = head, p.auditAt = at
RETURN p.id AS id
