// purpose: a practice's events by time, some at a time
// params: practice: STRING, above: STRING, below: STRING, size: INTEGER, event: LIST<STRING>
// returns: event
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (e:AuditEvent)
WHERE e.timeKey > $above AND e.timeKey < $below AND e.practice IN [$practice]
RETURN [k IN $event | e[k]] AS event
ORDER BY e.timeKey
LIMIT $size
