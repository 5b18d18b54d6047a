// purpose: a new refund of a payment; its client's ledger must be locked
// params: practice: STRING, refund: MAP
// returns: id
// access: write
CREATE (r:Refund)
SET r = $refund, r.practice = $practice
RETURN r.id AS id
