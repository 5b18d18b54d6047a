// purpose: appointments that a calendar feed shows, of each client those of the audiences that its owner sees (A10, A11)
// params: practice: STRING, views: LIST<MAP>, since: STRING, until: STRING, gone: LIST<STRING>, goneSince: STRING, size: INTEGER, appointment: LIST<STRING>
// returns: appointment
// access: read
// a view: clientId, audiences; what is gone is told for a while
UNWIND $views AS view
MATCH (c:Person {id: view.clientId})-[:HAS_APPOINTMENT]->(a:Appointment)
WHERE c.practice = $practice AND a.startsAt >= $since AND a.startsAt < $until AND a.audience IN view.audiences
  AND NOT (a.status IN $gone AND a.updatedAt < $goneSince)
  AND NOT (a.status = 'REQUESTED' AND a.heldUntil < $goneSince)
RETURN [k IN $appointment | a[k]] AS appointment
ORDER BY a.startsAt, a.id
LIMIT $size
