// purpose: how many addresses of every practice codes were asked for often since a moment, and how often at most; for doctor
// params: since: STRING, often: INTEGER, limit: INTEGER
// returns: addresses, most
// access: read
MATCH (c:OneTimeCode)
WITH c
LIMIT $limit
WITH [at IN coalesce(c.askedAt, []) WHERE at > $since] AS asked
WITH size(asked) AS times
WHERE times >= $often
RETURN count(*) AS addresses, max(times) AS most
