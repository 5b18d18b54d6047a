// purpose: drop reminders that are long past; the audit log tells of them
// params: practice: STRING, keys: LIST<STRING>
// returns: swept
// access: write
UNWIND $keys AS key
MATCH (d:ReminderDelivery {key: key})
WHERE d.practice = $practice
DELETE d
RETURN count(*) AS swept
