// purpose: take the locks of a practice's gates, in the order given; made where they are not there yet, never deleted
// params: practice: STRING, keys: LIST<STRING>, stamp: STRING
// returns: key
// access: lock
UNWIND $keys AS key
MERGE (g:AccessGate {key: key})
SET g.practice = $practice, g.lock = $stamp
RETURN key
