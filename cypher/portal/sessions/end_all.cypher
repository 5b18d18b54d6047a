// purpose: end all sessions of an account that is locked
// params: practice: STRING, accountKey: STRING, at: STRING, reason: STRING
// returns: ended
// access: write
MATCH (a:Account {key: $accountKey})-[:HAS_SESSION]->(s:Session)
WHERE a.practice = $practice AND s.endedAt IS NULL
SET s.endedAt = $at, s.endedBecause = $reason
RETURN count(s) AS ended
