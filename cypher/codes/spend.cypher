// purpose: a code that was used opens nothing any more
// params: practice: STRING, key: STRING
// returns: key
// access: write
MATCH (c:OneTimeCode {key: $key})
WHERE c.practice = $practice
SET c.hash = null, c.salt = null
RETURN c.key AS key
