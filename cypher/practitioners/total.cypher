// purpose: how many practitioners a practice has, those who are not active included
// params: practice: STRING
// returns: total
// access: read
MATCH (p:Practitioner {practice: $practice})
RETURN count(p) AS total
