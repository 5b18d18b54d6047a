// purpose: reminders that wait to be tried again, of appointments that do not take place then, are not sent any more; their client must be locked
// params: practice: STRING, ids: LIST<STRING>, reason: STRING
// returns: key
// access: write
// what a worker is sending right now has its lease, and its outcome is the worker's to note
UNWIND $ids AS id
MATCH (d:ReminderDelivery {appointmentId: id})
WHERE d.practice = $practice AND d.status = 'SENDING' AND d.lease IS NULL
SET d.status = 'FAILED', d.reason = $reason, d.leaseUntil = null
RETURN d.key AS key
