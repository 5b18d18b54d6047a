// purpose: the practitioner whom a token's subject names
// params: practice: STRING, subjectKey: STRING, practitioner: LIST<STRING>
// returns: practitioner
// access: read
MATCH (p:Practitioner {subjectKey: $subjectKey})
WHERE p.practice = $practice
RETURN [k IN $practitioner | p[k]] AS practitioner
