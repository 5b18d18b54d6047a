// purpose: note that a code was asked for
// params: practice: STRING, key: STRING, askedAt: LIST<STRING>, expiryKey: STRING
// returns: key
// access: write
MATCH (c:OneTimeCode {key: $key})
WHERE c.practice = $practice
SET c.askedAt = $askedAt, c.expiryKey = $expiryKey
RETURN c.key AS key
