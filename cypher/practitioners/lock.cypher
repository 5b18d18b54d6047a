// purpose: take practitioners' locks, in the order given, and read them under the locks
// params: practice: STRING, ids: LIST<STRING>, stamp: STRING, practitioner: LIST<STRING>
// returns: practitioner
// access: lock
UNWIND $ids AS id
MATCH (p:Practitioner {id: id})
WHERE p.practice = $practice
SET p.lock = $stamp
WITH p
RETURN [k IN $practitioner | p[k]] AS practitioner
