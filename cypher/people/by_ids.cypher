// purpose: people by their ids
// params: practice: STRING, ids: LIST<STRING>
// returns: person
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
RETURN p{.*} AS person
