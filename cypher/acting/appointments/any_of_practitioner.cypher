// purpose: whether a practitioner has appointments to come on some days; for staff, when the practitioner leaves (A13)
// params: practice: STRING, above: STRING, below: STRING, now: STRING
// returns: found
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (a:Appointment)
WHERE a.dayKey > $above AND a.dayKey < $below AND a.practice IN [$practice] AND a.status IN ['REQUESTED', 'BOOKED']
  AND a.startsAt > $now AND (a.heldUntil IS NULL OR a.heldUntil > $now)
RETURN true AS found
LIMIT 1
