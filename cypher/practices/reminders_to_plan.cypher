// purpose: practices whose appointments to come are to be planned by changed rules; for the worker
// params: before: STRING, limit: INTEGER
// returns: practice
// access: read
MATCH (p:ReminderPlanning)
WHERE p.lookAt > '' AND p.lookAt < $before
RETURN p.practice AS practice
LIMIT $limit
