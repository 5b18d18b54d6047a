// purpose: the code that is being mailed; it takes the place of the one before, with tries of its own
// params: practice: STRING, key: STRING, code: MAP
// returns: key
// access: write
MATCH (c:OneTimeCode {key: $key})
WHERE c.practice = $practice
SET c += $code, c.tries = 0
RETURN c.key AS key
