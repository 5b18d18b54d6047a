// purpose: take people's locks, in the order given; read them in a later statement. Where their audit chains end, and the age of majority, as D13 asks for it of most who are locked
// params: practice: STRING, ids: LIST<STRING>, stamp: STRING
// returns: ids, heads, ageOfMajority
// access: lock
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
SET p.lock = $stamp
WITH collect(p.id) AS ids, collect([p.auditCount, p.auditHead, p.auditAt]) AS heads
RETURN ids, heads, COLLECT { MATCH (s:Practice {id: $practice}) RETURN s.ageOfMajority } AS ageOfMajority
