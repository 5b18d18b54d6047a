// purpose: what has changed of a payment; its client's ledger must be locked
// params: practice: STRING, id: STRING, changes: MAP
// returns: id
// access: write
MATCH (t:Payment {id: $id})
WHERE t.practice = $practice
SET t += $changes
RETURN t.id AS id
