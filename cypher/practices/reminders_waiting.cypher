// purpose: how many reminders of every practice wait to be looked at, and since when the longest does
// params: before: STRING, limit: INTEGER
// returns: waiting, oldest
// access: read
MATCH (d:ReminderDue)
WHERE d.lookAt > '' AND d.lookAt < $before
WITH d.lookAt AS lookAt
ORDER BY lookAt
LIMIT $limit
RETURN count(lookAt) AS waiting, min(lookAt) AS oldest
