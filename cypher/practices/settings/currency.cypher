// purpose: the practice's currency
// params: practice: STRING
// returns: currency
// access: read
MATCH (n:Practice {id: $practice})
RETURN n.currency AS currency
