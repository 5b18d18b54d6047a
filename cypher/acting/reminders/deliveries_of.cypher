// purpose: what was sent of appointments, and what was not
// params: practice: STRING, ids: LIST<STRING>, delivery: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (d:ReminderDelivery {appointmentId: id})
WHERE d.practice = $practice
RETURN collect([d.appointmentId, [k IN $delivery | d[k]]]) AS rows
