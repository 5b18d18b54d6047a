// purpose: a page of the requests that wait for the practice and have not expired, the one that expires first first (A13)
// params: practice: STRING, above: STRING, below: STRING, size: INTEGER, appointment: LIST<STRING>
// returns: appointment
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (a:Appointment)
WHERE a.requestKey > $above AND a.requestKey < $below AND a.practice IN [$practice]
RETURN [k IN $appointment | a[k]] AS appointment
ORDER BY a.requestKey
LIMIT $size
