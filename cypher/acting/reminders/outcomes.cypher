// purpose: what came of reminders that this worker still holds: sent, tried again later, or given up
// params: practice: STRING, rows: LIST<MAP>
// returns: key
// access: write
// a row: key, lease, outcome, where null takes a property away
UNWIND $rows AS row
MATCH (d:ReminderDelivery {key: row.key})
WHERE d.practice = $practice
SET d.lock = row.lease
WITH d, row
WHERE d.lease = row.lease
SET d += row.outcome
RETURN d.key AS key
