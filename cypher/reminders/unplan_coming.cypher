// purpose: what changed rules plan anew is not looked at as before: what is due later, and what rules want that are gone
// params: practice: STRING, ids: LIST<STRING>, after: STRING, rules: LIST<STRING>
// returns: dropped
// access: write
UNWIND $ids AS id
MATCH (d:ReminderDue {appointmentId: id})
WHERE d.practice = $practice AND (d.dueAt > $after OR NOT d.ruleId IN $rules)
DELETE d
RETURN count(*) AS dropped
