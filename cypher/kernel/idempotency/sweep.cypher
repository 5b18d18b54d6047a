// purpose: drop records past their time, in the order given
// params: practice: STRING, keys: LIST<STRING>, before: STRING, stamp: STRING
// returns: swept
// access: write
// by keys that were read before: the embedded engine uses the index of a range only to read
UNWIND $keys AS key
MATCH (k:IdempotencyKey {key: key})
WHERE k.practice = $practice
// a mutation may be renewing the record: wait for its lock, then look at its time
SET k.lock = $stamp
WITH k WHERE k.expiryKey < $before
DETACH DELETE k
RETURN count(*) AS swept
