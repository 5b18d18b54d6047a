// purpose: some sessions past their time, by id
// params: practice: STRING, after: STRING, before: STRING, limit: INTEGER
// returns: id
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (s:Session)
WHERE s.expiryKey > $after AND s.expiryKey < $before AND s.practice IN [$practice]
RETURN s.id AS id
LIMIT $limit
