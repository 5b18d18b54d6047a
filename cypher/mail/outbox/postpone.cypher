// purpose: a mail that could not be sent is due again later: to be tried again, or to be forgotten where it is given up
// params: practice: STRING, key: STRING, lease: STRING, dueAt: STRING, failedAt: STRING|NULL, attempts: INTEGER
// returns: id
// access: write
MATCH (m:OutboxMail {key: $key})
WHERE m.practice = $practice
SET m.lock = $lease
WITH m
WHERE m.lease = $lease
SET m.dueAt = $dueAt, m.failedAt = $failedAt, m.attempts = $attempts, m.lease = null
RETURN m.id AS id
