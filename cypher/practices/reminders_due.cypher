// purpose: what reminders of every practice are to look at, the longest waiting first; for the worker
// params: before: STRING, limit: INTEGER, due: LIST<STRING>
// returns: practice, key, due
// access: read
MATCH (d:ReminderDue)
WHERE d.lookKey > '' AND d.lookKey < $before
RETURN d.practice AS practice, d.key AS key, [k IN $due | d[k]] AS due
ORDER BY d.lookKey
LIMIT $limit
