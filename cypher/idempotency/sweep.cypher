// purpose: drop some records past their time
// params: practice: STRING, after: STRING, before: STRING, limit: INTEGER
// returns: swept
// access: write
MATCH (k:IdempotencyKey)
WHERE k.expiryKey > $after AND k.expiryKey < $before AND k.practice = $practice
WITH k LIMIT $limit
DETACH DELETE k
RETURN count(*) AS swept
