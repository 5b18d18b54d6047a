// purpose: some records past their time, by key
// params: practice: STRING, after: STRING, before: STRING, limit: INTEGER
// returns: key
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (k:IdempotencyKey)
WHERE k.expiryKey > $after AND k.expiryKey < $before AND k.practice IN [$practice]
RETURN k.key AS key
LIMIT $limit
