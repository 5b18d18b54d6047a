// purpose: take the lock of an address, and read under it what its owner has said; made where it is not there yet
// params: practice: STRING, key: STRING, stamp: STRING
// returns: optedOutAt, heard
// access: lock
MERGE (a:ReminderAddress {key: $key})
SET a.practice = $practice, a.lock = $stamp
WITH a
RETURN a.optedOutAt AS optedOutAt, coalesce(a.heard, []) AS heard
