// purpose: how many reminders of every practice wait to be looked at, and since when the longest does
// params: before: STRING, limit: INTEGER
// returns: waiting, oldest
// access: read
MATCH (d:ReminderDue)
WHERE d.lookKey > '' AND d.lookKey < $before
WITH d.lookKey AS lookKey, d.lookAt AS lookAt
ORDER BY lookKey
LIMIT $limit
RETURN count(lookAt) AS waiting, min(lookAt) AS oldest
