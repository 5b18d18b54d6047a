// purpose: <<what>>
// params: practice: STRING, id: STRING<<stamp>>, session: LIST<STRING>
// returns: session, accounts
// access: <<access>>
// variants: holder, lock
//   holder: what = a session, and whether its account is active; each portal request asks
//   holder: stamp =
//   holder: access = read
//   holder: locked =
//   lock: what = take a session's lock, and read it under it, with whether its account is active
//   lock: stamp = , stamp: STRING
//   lock: access = lock
//   lock: locked = SET s.lock = $stamp WITH s
MATCH (s:Session {id: $id})
WHERE s.practice = $practice <<locked>>
RETURN [k IN $session | s[k]] AS session, [(s)<-[:HAS_SESSION]-(a:Account) | a.status] AS accounts
