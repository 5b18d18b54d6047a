// purpose: what people want of reminders; of those who have said nothing there is nothing
// params: practice: STRING, ids: LIST<STRING>, preferences: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (n:ReminderPreferences {personId: id})
WHERE n.practice = $practice
RETURN collect([n.personId, [k IN $preferences | n[k]]]) AS rows
