// purpose: appointments are not looked at any more
// params: practice: STRING, ids: LIST<STRING>
// returns: dropped
// access: write
UNWIND $ids AS id
MATCH (d:ReminderDue {appointmentId: id})
WHERE d.practice = $practice
DELETE d
RETURN count(*) AS dropped
