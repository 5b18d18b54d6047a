// purpose: what an account has booked for a client and is to come (A9)
// params: practice: STRING, above: STRING, below: STRING, subject: STRING, statuses: LIST<STRING>, size: INTEGER, appointment: LIST<STRING>
// returns: appointment
// access: read
MATCH (a:Appointment)
WHERE a.clientKey > $above AND a.clientKey < $below AND a.practice IN [$practice]
  AND a.bookedBySubject = $subject AND a.status IN $statuses
RETURN [k IN $appointment | a[k]] AS appointment
LIMIT $size
