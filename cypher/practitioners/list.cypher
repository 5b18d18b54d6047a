// purpose: a practice's practitioners, in no order
// params: practice: STRING, includeInactive: BOOLEAN, limit: INTEGER, practitioner: LIST<STRING>
// returns: practitioner
// access: read
MATCH (p:Practitioner {practice: $practice})
WHERE p.isActive OR $includeInactive
RETURN [k IN $practitioner | p[k]] AS practitioner
LIMIT $limit
