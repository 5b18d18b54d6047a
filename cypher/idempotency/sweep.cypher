// purpose: drop some records past their time
// params: practice: STRING, after: STRING, before: STRING, limit: INTEGER, stamp: STRING
// returns: swept
// access: write
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (k:IdempotencyKey)
WHERE k.expiryKey > $after AND k.expiryKey < $before AND k.practice IN [$practice]
WITH k LIMIT $limit
// a mutation may be renewing the record: wait for its lock, then look again
SET k.lock = $stamp
WITH k WHERE k.expiryKey < $before
DETACH DELETE k
RETURN count(*) AS swept
