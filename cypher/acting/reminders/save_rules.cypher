// purpose: rules of reminders as they are from now on; the practice must be locked
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
UNWIND $rows AS row
MERGE (r:ReminderRule {id: row.id})
SET r = row, r.practice = $practice
RETURN r.id AS id
