// purpose: <<what>>
// params: practice: STRING, ids: LIST<STRING><<params>>
// returns: dropped
// access: write
// variants: unplan, unplan_coming
//   unplan: what = appointments are not looked at any more
//   unplan: params =
//   unplan: coming =
//   unplan_coming: what = what changed rules plan anew is not looked at as before: what is due later, or of a rule that is gone
//   unplan_coming: params = , after: STRING, rules: LIST<STRING>
//   unplan_coming: coming = AND (d.dueAt > $after OR NOT d.ruleId IN $rules)
UNWIND $ids AS id
MATCH (d:ReminderDue {appointmentId: id})
WHERE d.practice = $practice <<coming>>
  // what a worker is sending is looked at once more, because the worker may be dead
  AND NOT EXISTS {
    MATCH (s:ReminderDelivery {appointmentId: id})
    WHERE s.practice = $practice AND s.ruleId = d.ruleId AND s.lease IS NOT NULL
  }
DELETE d
RETURN count(*) AS dropped
