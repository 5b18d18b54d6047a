// purpose: take a mail that is due, for as long as the lease lasts; nobody else finds it due meanwhile
// params: practice: STRING, key: STRING, now: STRING, lease: STRING, until: STRING, mail: LIST<STRING>
// returns: mail
// access: write
MATCH (m:OutboxMail {key: $key})
WHERE m.practice = $practice
// another sender may be taking it: wait for its lock, then look at its time
SET m.lock = $lease
WITH m
WHERE m.dueAt <= $now
SET m.dueAt = $until, m.lease = $lease, m.attempts = m.attempts + 1
RETURN [k IN $mail | m[k]] AS mail
