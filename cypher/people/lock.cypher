// purpose: take people's locks, in the order given; read them in a later statement. When they were changed, where their audit chains end, and the age of majority, as D13 asks for it of most who are locked
// params: practice: STRING, ids: LIST<STRING>, stamp: STRING
// returns: ids, heads, stamps, ageOfMajority
// access: lock
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
SET p.lock = $stamp
WITH collect(p.id) AS ids, collect([p.auditCount, p.auditHead, p.auditAt]) AS heads,
  collect([p.updatedAt, p.accessSince, p.networkSince, p.auditAt]) AS stamps
RETURN ids, heads, stamps, COLLECT { MATCH (s:Practice {id: $practice}) RETURN s.ageOfMajority } AS ageOfMajority
