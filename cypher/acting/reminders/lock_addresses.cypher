// purpose: take the locks of addresses, in the order given, and read under them since when they are not to be written to; made where they are not there yet, never deleted
// params: practice: STRING, keys: LIST<STRING>, stamp: STRING
// returns: key, optedOutAt
// access: lock
UNWIND $keys AS key
MERGE (a:ReminderAddress {key: key})
SET a.practice = $practice, a.lock = $stamp
WITH a
RETURN a.key AS key, a.optedOutAt AS optedOutAt
