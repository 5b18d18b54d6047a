// purpose: a new practitioner; the constraint refuses a subject that names another
// params: practice: STRING, practitioner: MAP
// returns: id
// access: write
CREATE (p:Practitioner)
SET p = $practitioner, p.practice = $practice
RETURN p.id AS id
