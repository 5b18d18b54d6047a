// purpose: what is kept of codes for one thing from now on; tries are counted anew with a fresh code
// params: practice: STRING, key: STRING, kept: MAP, fresh: BOOLEAN, expiryKey: STRING
// returns: key
// access: write
MATCH (c:OneTimeCode {key: $key})
WHERE c.practice = $practice
SET c += $kept, c.expiryKey = $expiryKey, c.tries = CASE WHEN $fresh THEN 0 ELSE coalesce(c.tries, 0) END
RETURN c.key AS key
