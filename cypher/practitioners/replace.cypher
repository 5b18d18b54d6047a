// purpose: a practitioner as they are from now on; the constraint refuses a subject that names another
// params: practice: STRING, id: STRING, practitioner: MAP
// returns: id
// access: write
MATCH (p:Practitioner {id: $id})
WHERE p.practice = $practice
SET p = $practitioner, p.practice = $practice
RETURN p.id AS id
