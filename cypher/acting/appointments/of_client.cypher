// purpose: a page of a client's appointments that a reader sees (A10), by their start<<way>>
// params: practice: STRING, above: STRING, below: STRING, audiences: LIST<STRING>, statuses: LIST<STRING>|NULL, now: STRING, size: INTEGER, appointment: LIST<STRING>
// returns: appointment
// access: read
// variants: of_client, of_client_backward
//   of_client: way =
//   of_client: order =
//   of_client_backward: way = , from the end
//   of_client_backward: order = DESC
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (a:Appointment)
WHERE a.clientKey > $above AND a.clientKey < $below AND a.practice IN [$practice]
  AND a.audience IN $audiences
  AND ($statuses IS NULL
    OR CASE WHEN a.status = 'REQUESTED' AND a.heldUntil <= $now THEN 'EXPIRED' ELSE a.status END IN $statuses)
RETURN [k IN $appointment | a[k]] AS appointment
ORDER BY a.clientKey <<order>>
LIMIT $size
