// purpose: a session, and whether its account is active; each portal request asks
// params: practice: STRING, id: STRING, session: LIST<STRING>
// returns: session, accounts
// access: read
MATCH (s:Session {id: $id})
WHERE s.practice = $practice
RETURN [k IN $session | s[k]] AS session, [(s)<-[:HAS_SESSION]-(a:Account) | a.status] AS accounts
