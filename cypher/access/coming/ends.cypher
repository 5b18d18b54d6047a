// purpose: whose terms end, in the order of the days (D8, D13)
// params: practice: STRING, after: STRING, before: STRING, size: INTEGER
// returns: key, contactId
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (e:AccessEnd)
WHERE e.key > $after AND e.key < $before AND e.practice IN [$practice]
RETURN e.key AS key, e.contactId AS contactId
ORDER BY e.key
LIMIT $size
