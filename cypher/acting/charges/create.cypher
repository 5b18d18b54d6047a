// purpose: a new charge of a client; the client's ledger must be locked
// params: practice: STRING, clientId: STRING, charge: MAP
// returns: id
// access: write
MATCH (p:Person {id: $clientId})
WHERE p.practice = $practice
CREATE (p)-[:HAS_CHARGE]->(c:Charge)
SET c = $charge, c.practice = $practice
RETURN c.id AS id
