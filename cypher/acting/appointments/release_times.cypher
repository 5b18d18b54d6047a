// purpose: give up moments that appointments have claimed; what others have claimed since stays theirs
// params: practice: STRING, rows: LIST<MAP>
// returns: released
// access: write
// a row: key, appointmentId
UNWIND $rows AS row
MATCH (b:BookedTime {key: row.key})
WHERE b.practice = $practice AND b.appointmentId = row.appointmentId
DELETE b
RETURN count(*) AS released
