// purpose: what was sent of appointments, and what was not; of each the newest
// params: practice: STRING, ids: LIST<STRING>, delivery: LIST<STRING>, most: INTEGER
// returns: id, records
// access: read
UNWIND $ids AS id
MATCH (d:ReminderDelivery {appointmentId: id})
WHERE d.practice = $practice
WITH id, d
ORDER BY d.sendAt DESC, d.key
RETURN id, collect([k IN $delivery | d[k]])[..$most] AS records
