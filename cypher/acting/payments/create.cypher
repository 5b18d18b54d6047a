// purpose: a new payment for a client; the client's ledger must be locked
// params: practice: STRING, clientId: STRING, payment: MAP
// returns: id
// access: write
MATCH (p:Person {id: $clientId})
WHERE p.practice = $practice
CREATE (p)-[:HAS_PAYMENT]->(t:Payment)
SET t = $payment, t.practice = $practice
RETURN t.id AS id
