// purpose: a practice's practitioners as they are, beside what the audit log says of them
// params: practice: STRING, practitioner: LIST<STRING>
// returns: practitioner
// access: read
MATCH (p:Practitioner {practice: $practice})
RETURN [k IN $practitioner | p[k]] AS practitioner
