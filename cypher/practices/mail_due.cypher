// purpose: mails of every practice that are due, the longest waiting first; for the sender
// params: before: STRING, limit: INTEGER
// returns: practice, key
// access: read
MATCH (m:OutboxMail)
WHERE m.dueAt > '' AND m.dueAt < $before
RETURN m.practice AS practice, m.key AS key
ORDER BY m.dueAt
LIMIT $limit
