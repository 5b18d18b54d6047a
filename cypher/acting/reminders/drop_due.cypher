// purpose: an appointment is not looked at by a rule any more, where it was neither moved nor taken by another worker
// params: practice: STRING, key: STRING, startsAt: STRING, held: STRING
// returns: dropped
// access: write
MATCH (d:ReminderDue {key: $key})
WHERE d.practice = $practice
// apart: beside the key the embedded engine would choose the index of lookAt
WITH d
WHERE d.startsAt = $startsAt AND d.lookAt = $held
DELETE d
RETURN count(*) AS dropped
