// purpose: take what is to be looked at, for as long as a lease lasts; nobody else finds it due meanwhile
// params: practice: STRING, keys: LIST<STRING>, lease: STRING, now: STRING, until: STRING
// returns: key
// access: write
UNWIND $keys AS key
MATCH (d:ReminderDue {key: key})
WHERE d.practice = $practice
// another worker may be taking it: wait for its lock, then look at its time
SET d.lock = $lease
WITH d
WHERE d.lookAt < $now
SET d.lookAt = $until, d.lookKey = $until + '|' + d.key
RETURN d.key AS key
