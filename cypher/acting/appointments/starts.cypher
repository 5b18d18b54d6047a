// purpose: a page of what is to come: when each appointment starts, and what clocks were to show then (A3)
// params: practice: STRING, above: STRING, below: STRING, limit: INTEGER
// returns: key, start
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (a:Appointment)
WHERE a.timeKey > $above AND a.timeKey < $below AND a.practice IN [$practice] AND a.status IN ['REQUESTED', 'BOOKED']
RETURN a.timeKey AS key, [a.id, a.startsAt, a.localStart, a.timeZone] AS start
ORDER BY a.timeKey
LIMIT $limit
