// purpose: an appointment is looked at by a rule again later, where it was neither moved nor taken by another worker
// params: practice: STRING, key: STRING, startsAt: STRING, held: STRING, lookAt: STRING
// returns: key
// access: write
MATCH (d:ReminderDue {key: $key})
WHERE d.practice = $practice AND d.startsAt = $startsAt AND d.lookAt = $held
SET d.lookAt = $lookAt, d.lookKey = $lookAt + '|' + d.key
RETURN d.key AS key
