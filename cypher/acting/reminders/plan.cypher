// purpose: when appointments are to be looked at by each of the practice's rules; a time is seconds since 1970 as text of ten digits, which indexes of both engines find a range of
// params: practice: STRING, early: INTEGER, after: STRING, rows: LIST<MAP>
// returns: key
// access: write
// a row: appointmentId, clientId, typeId, startsAt in seconds
UNWIND $rows AS row
MATCH (r:ReminderRule {practice: $practice})
WHERE r.isActive AND (r.typeIds IS NULL OR row.typeId IN r.typeIds)
  AND toString(row.startsAt - r.minutesBefore * 60) > $after
WITH row, r, toString(row.startsAt - r.minutesBefore * 60 - $early) AS lookAt
MERGE (d:ReminderDue {key: $practice + '|' + row.appointmentId + '|' + r.id})
SET d.practice = $practice, d.appointmentId = row.appointmentId, d.ruleId = r.id, d.clientId = row.clientId,
  d.startsAt = toString(row.startsAt), d.dueAt = toString(row.startsAt - r.minutesBefore * 60),
  d.lookAt = lookAt, d.lookKey = lookAt + '|' + d.key
RETURN d.key AS key
