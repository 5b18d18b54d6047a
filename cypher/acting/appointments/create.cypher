// purpose: new appointments of a client, and the time that they claim; the client, practitioners and exclusive locations must be locked. The constraint refuses a moment that another has claimed
// params: practice: STRING, clientId: STRING, rows: LIST<MAP>
// returns: id
// access: write
// a row: appointment, keys
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
UNWIND $rows AS row
CREATE (c)-[:HAS_APPOINTMENT]->(a:Appointment)
SET a = row.appointment, a.practice = $practice
FOREACH (key IN row.keys | CREATE (:BookedTime {key: key, practice: $practice, appointmentId: row.appointment.id}))
RETURN a.id AS id
