// purpose: a practice's events by <<order>>, some at a time
// params: practice: STRING, above: STRING, below: STRING, size: INTEGER, event: LIST<STRING>
// returns: event
// access: read
// variants: in_order, chains
//   in_order: order = time
//   in_order: key = timeKey
//   chains: order = subject and number
//   chains: key = key
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (e:AuditEvent)
WHERE e.<<key>> > $above AND e.<<key>> < $below AND e.practice IN [$practice]
RETURN [k IN $event | e[k]] AS event
ORDER BY e.<<key>>
LIMIT $size
