// purpose: some of what is kept of codes past their time, by key
// params: practice: STRING, after: STRING, before: STRING, limit: INTEGER
// returns: key
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (c:OneTimeCode)
WHERE c.expiryKey > $after AND c.expiryKey < $before AND c.practice IN [$practice]
RETURN c.key AS key
LIMIT $limit
