// purpose: a page of clients in their order, forwards
// params: practice: STRING, after: STRING, before: STRING, clientStatuses: LIST<STRING>, person: LIST<STRING>, size: INTEGER
// returns: rows
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
WITH p
ORDER BY p.clientKey
LIMIT $size
RETURN collect([k IN $person | p[k]]) AS rows
