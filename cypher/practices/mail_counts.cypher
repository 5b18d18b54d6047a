// purpose: how many mails wait, were tried before, and were given up, of every practice; for doctor
// params: limit: INTEGER
// returns: waiting, late, failed
// access: read
MATCH (m:OutboxMail)
WITH m
LIMIT $limit
WITH count(m.dueAt) AS waiting, sum(CASE WHEN m.dueAt IS NOT NULL AND m.attempts > 0 THEN 1 ELSE 0 END) AS late, count(m.failedAt) AS failed
RETURN waiting, late, failed
