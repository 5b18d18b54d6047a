// purpose: take the lock under which a code is asked for, and see when it was asked for before
// params: practice: STRING, key: STRING, stamp: STRING
// returns: askedAt
// access: lock
MERGE (c:OneTimeCode {key: $key})
SET c.practice = $practice, c.lock = $stamp
WITH c
RETURN c.askedAt AS askedAt
