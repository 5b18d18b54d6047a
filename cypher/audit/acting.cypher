// purpose: a page of what was done for a client for one reason, from the client's chain, newest first
// params: practice: STRING, above: STRING, below: STRING, reason: STRING, size: INTEGER, event: LIST<STRING>
// returns: event
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (e:AuditEvent)
WHERE e.key > $above AND e.key < $below AND e.practice IN [$practice] AND e.reason IN [$reason]
RETURN [k IN $event | e[k]] AS event
ORDER BY e.key DESC
LIMIT $size
