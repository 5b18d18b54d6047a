// purpose: rules of reminders by their ids
// params: practice: STRING, ids: LIST<STRING>, rule: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (r:ReminderRule {id: id})
WHERE r.practice = $practice
RETURN collect([k IN $rule | r[k]]) AS rows
