// purpose: when codes for some things were asked for
// params: practice: STRING, keys: LIST<STRING>
// returns: key, askedAt
// access: read
UNWIND $keys AS key
MATCH (c:OneTimeCode {key: key})
WHERE c.practice = $practice
RETURN c.key AS key, c.askedAt AS askedAt
