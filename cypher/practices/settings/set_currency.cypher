// purpose: the practice's currency from now on; the practice must be locked
// params: practice: STRING, currency: STRING
// returns: id
// access: write
MATCH (n:Practice {id: $practice})
SET n.currency = $currency
RETURN n.id AS id
