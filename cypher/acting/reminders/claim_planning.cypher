// purpose: take the planning of a practice's appointments for as long as a lease lasts, and read how far it has come
// params: practice: STRING, lease: STRING, now: STRING, until: STRING
// returns: after, passes
// access: write
MATCH (p:ReminderPlanning {practice: $practice})
// another worker may be taking it: wait for its lock, then look at its time
SET p.lock = $lease
WITH p
WHERE p.lookAt < $now
SET p.lookAt = $until
RETURN p.after AS after, p.passes AS passes
