// purpose: what an account has requested or booked for a client and is to come, but for requests that have expired (A9)
// params: practice: STRING, above: STRING, below: STRING, subject: STRING, status: STRING, now: STRING, size: INTEGER, appointment: LIST<STRING>
// returns: appointment
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (a:Appointment)
WHERE a.clientKey > $above AND a.clientKey < $below AND a.practice IN [$practice]
  AND a.bookedBySubject IN [$subject] AND a.status IN [$status] AND (a.heldUntil IS NULL OR a.heldUntil > $now)
RETURN [k IN $appointment | a[k]] AS appointment
ORDER BY a.clientKey
LIMIT $size
