// purpose: take the lock under which codes for one thing are kept, and read what is kept
// params: practice: STRING, key: STRING, stamp: STRING, kept: LIST<STRING>
// returns: kept
// access: lock
MERGE (c:OneTimeCode {key: $key})
SET c.practice = $practice, c.lock = $stamp
WITH c
RETURN [k IN $kept | c[k]] AS kept
