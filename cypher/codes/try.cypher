// purpose: count a try under the code's lock, and read the code; alike whether or not there is one
// params: practice: STRING, key: STRING, stamp: STRING, expiryKey: STRING, code: LIST<STRING>
// returns: code
// access: write
MERGE (c:OneTimeCode {key: $key})
SET c.practice = $practice, c.lock = $stamp
WITH c
SET c.tries = 1 + coalesce(c.tries, 0), c.expiryKey = coalesce(c.expiryKey, $expiryKey)
WITH c
RETURN [k IN $code | c[k]] AS code
