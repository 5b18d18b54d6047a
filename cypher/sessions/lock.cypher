// purpose: take a session's lock, and read it under it, with whether its account is active
// params: practice: STRING, id: STRING, stamp: STRING, session: LIST<STRING>
// returns: session, accounts
// access: lock
MATCH (s:Session {id: $id})
WHERE s.practice = $practice
SET s.lock = $stamp
WITH s
RETURN [k IN $session | s[k]] AS session, [(s)<-[:HAS_SESSION]-(a:Account) | a.status] AS accounts
