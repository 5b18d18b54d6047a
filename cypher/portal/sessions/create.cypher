// purpose: a session of an account that is locked
// params: practice: STRING, accountKey: STRING, session: MAP
// returns: id
// access: write
MATCH (a:Account {key: $accountKey})
WHERE a.practice = $practice
CREATE (a)-[:HAS_SESSION]->(s:Session)
SET s = $session, s.practice = $practice
RETURN s.id AS id
