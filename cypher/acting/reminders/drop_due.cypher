// purpose: an appointment is not looked at by a rule any more, where it was neither moved nor taken by another worker
// params: practice: STRING, key: STRING, startsAt: STRING, held: STRING
// returns: dropped
// access: write
MATCH (d:ReminderDue {key: $key})
WHERE d.practice = $practice AND d.startsAt = $startsAt AND d.lookAt = $held
DELETE d
RETURN count(*) AS dropped
