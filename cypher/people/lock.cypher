// purpose: take people's locks, in the order given; read them in a later statement
// params: practice: STRING, ids: LIST<STRING>, stamp: STRING
// returns: id
// access: write
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
SET p.lock = $stamp
RETURN id
