// purpose: what changed rules plan anew is not looked at as before: what is due later, and what rules want that are gone
// params: practice: STRING, ids: LIST<STRING>, after: STRING, rules: LIST<STRING>
// returns: dropped
// access: write
UNWIND $ids AS id
MATCH (d:ReminderDue {appointmentId: id})
WHERE d.practice = $practice AND (d.dueAt > $after OR NOT d.ruleId IN $rules)
  // what a worker is sending is looked at once more, because the worker may be dead
  AND NOT EXISTS {
    MATCH (s:ReminderDelivery {appointmentId: id})
    WHERE s.practice = $practice AND s.ruleId = d.ruleId AND s.lease IS NOT NULL
  }
DELETE d
RETURN count(*) AS dropped
