// purpose: appointments are not looked at any more
// params: practice: STRING, ids: LIST<STRING>
// returns: dropped
// access: write
UNWIND $ids AS id
MATCH (d:ReminderDue {appointmentId: id})
WHERE d.practice = $practice
  // what a worker is sending is looked at once more, because the worker may be dead
  AND NOT EXISTS {
    MATCH (s:ReminderDelivery {appointmentId: id})
    WHERE s.practice = $practice AND s.ruleId = d.ruleId AND s.lease IS NOT NULL
  }
DELETE d
RETURN count(*) AS dropped
