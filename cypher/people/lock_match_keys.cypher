// purpose: make match keys and take their locks, in the order given; they are never deleted
// params: practice: STRING, keys: LIST<STRING>, stamp: STRING
// returns: key
// access: lock
UNWIND $keys AS key
MERGE (k:MatchKey {key: key})
SET k.practice = $practice, k.lock = $stamp
RETURN key
