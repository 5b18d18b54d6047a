// purpose: how many clients there are; only when asked
// params: practice: STRING, prefix: STRING, statuses: LIST<STRING>
// returns: total
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (p:Person)
WHERE p.clientKey STARTS WITH $prefix AND p.practice IN [$practice] AND p.clientStatus IN $statuses
RETURN count(p) AS total
