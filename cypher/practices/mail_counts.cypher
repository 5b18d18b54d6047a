// purpose: how many mails wait, were tried before, and were given up, of every practice; for doctor
// params: limit: INTEGER
// returns: waiting, late, failed
// access: read
MATCH (m:OutboxMail)
WITH m
LIMIT $limit
WITH count(m) AS mails, count(m.failedAt) AS failed, sum(CASE WHEN m.failedAt IS NULL AND m.attempts > 0 THEN 1 ELSE 0 END) AS late
RETURN mails - failed AS waiting, late, failed
