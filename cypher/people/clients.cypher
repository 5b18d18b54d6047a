// purpose: a page of clients in their order, forwards
// params: practice: STRING, after: STRING, before: STRING, statuses: LIST<STRING>, limit: INTEGER
// returns: person
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $statuses
RETURN p{.*} AS person
ORDER BY p.clientKey
LIMIT $limit
