// purpose: count a try at the first of two keys that is there, under its lock: the codes' own, else the gate's
// params: practice: STRING, keys: LIST<STRING>, stamp: STRING
// returns: tries
// access: write
// one node is written whichever it is, none is made and no index changes: the time tells nothing
UNWIND $keys AS key
MATCH (c:OneTimeCode {key: key})
WHERE c.practice = $practice
WITH c, CASE c.key WHEN $keys[0] THEN 0 ELSE 1 END AS place
ORDER BY place
LIMIT 1
SET c.lock = $stamp
WITH c
SET c.tries = 1 + coalesce(c.tries, 0)
RETURN c.tries AS tries
