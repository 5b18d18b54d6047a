// purpose: the next entries of a client's ledger, which must be locked; the constraint refuses a second one with a number
// params: practice: STRING, clientId: STRING, head: MAP, rows: LIST<MAP>
// returns: key
// access: write
MATCH (l:Ledger {clientId: $clientId})
WHERE l.practice = $practice
SET l += $head
WITH l
UNWIND $rows AS row
CREATE (e:LedgerEntry)
SET e = row, e.practice = $practice
RETURN e.key AS key
