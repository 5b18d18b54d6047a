// purpose: take the lock of a client's ledger, which is made here; where it ends, and the practice's currency. The client must be locked
// params: practice: STRING, clientId: STRING, stamp: STRING, head: LIST<STRING>
// returns: head, currency
// access: lock
MATCH (n:Practice {id: $practice})
MERGE (l:Ledger {clientId: $clientId})
SET l.practice = $practice, l.lock = $stamp
// the first entry of a ledger and a change of the currency wait for each other
FOREACH (one IN CASE WHEN l.number IS NULL THEN [n] ELSE [] END | SET one.lock = $stamp)
RETURN [k IN $head | l[k]] AS head, n.currency AS currency
