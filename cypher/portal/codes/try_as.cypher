// purpose: count a try of one asker; what is written is theirs alone, whatever is kept of codes
// params: practice: STRING, key: STRING, stamp: STRING, expiryKey: STRING
// returns: tries
// access: write
MERGE (c:OneTimeCode {key: $key})
SET c.practice = $practice, c.lock = $stamp
WITH c
SET c.tries = 1 + coalesce(c.tries, 0), c.expiryKey = $expiryKey
RETURN c.tries AS tries
