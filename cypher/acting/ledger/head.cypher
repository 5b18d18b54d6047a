// purpose: where a client's ledger ends, and the practice's currency
// params: practice: STRING, clientId: STRING, head: LIST<STRING>
// returns: currency, heads
// access: read
MATCH (n:Practice {id: $practice})
RETURN n.currency AS currency,
  COLLECT {
    MATCH (l:Ledger {clientId: $clientId})
    WHERE l.practice = $practice
    RETURN [k IN $head | l[k]] AS head
  } AS heads
