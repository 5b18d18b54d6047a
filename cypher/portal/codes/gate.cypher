// purpose: the gate where tries are counted at what was never asked for; made once, never deleted, and not locked here
// params: practice: STRING, key: STRING
// returns: key
// access: lock
MERGE (c:OneTimeCode {key: $key})
ON CREATE SET c.practice = $practice
RETURN c.key AS key
