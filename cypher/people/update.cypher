// purpose: a person's own fields, all of them
// params: practice: STRING, id: STRING, properties: MAP
// returns: id
// access: write
MATCH (p:Person {id: $id})
WHERE p.practice = $practice
SET p = $properties, p.practice = $practice
RETURN p.id AS id
