// purpose: take rules of reminders away; the practice must be locked
// params: practice: STRING, ids: LIST<STRING>
// returns: dropped
// access: write
UNWIND $ids AS id
MATCH (r:ReminderRule {id: id})
WHERE r.practice = $practice
DELETE r
RETURN count(*) AS dropped
