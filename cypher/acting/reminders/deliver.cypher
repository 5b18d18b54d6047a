// purpose: reminders as they are from now on: being sent, or not sent with the reason; the client must be locked
// params: practice: STRING, rows: LIST<MAP>
// returns: key
// access: write
UNWIND $rows AS row
MERGE (d:ReminderDelivery {key: row.key})
SET d = row, d.practice = $practice
RETURN d.key AS key
