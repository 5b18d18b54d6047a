// purpose: drop what is kept of codes past their time, in the order given
// params: practice: STRING, keys: LIST<STRING>, before: STRING, stamp: STRING
// returns: swept
// access: write
UNWIND $keys AS key
MATCH (c:OneTimeCode {key: key})
WHERE c.practice = $practice
// somebody may be asking for a code: wait for its lock, then look at its time
SET c.lock = $stamp
WITH c WHERE c.expiryKey < $before
DETACH DELETE c
RETURN count(*) AS swept
