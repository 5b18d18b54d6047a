// purpose: the codes for one thing, without its lock
// params: practice: STRING, key: STRING
// returns: codes
// access: read
MATCH (c:OneTimeCode {key: $key})
WHERE c.practice = $practice
RETURN c.codes AS codes
