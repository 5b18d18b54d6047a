// purpose: take the locks of a checked write: the client, the account of whoever acts, the practice's gate for the client
// params: practice: STRING, clientId: STRING, accountKey: STRING, gate: STRING, stamp: STRING
// returns: id
// access: lock
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
SET c.lock = $stamp
WITH c
OPTIONAL MATCH (a:Account {key: $accountKey})
WHERE a.practice = $practice
FOREACH (one IN CASE WHEN a IS NULL THEN [] ELSE [a] END | SET one.lock = $stamp)
MERGE (g:AccessGate {key: $gate})
SET g.practice = $practice, g.lock = $stamp
RETURN c.id AS id
