// purpose: whom staff said a person is not
// params: practice: STRING, id: STRING
// returns: other
// access: read
MATCH (p:Person {id: $id})-[:NOT_DUPLICATE_OF]-(q:Person)
WHERE p.practice = $practice
RETURN q.id AS other
