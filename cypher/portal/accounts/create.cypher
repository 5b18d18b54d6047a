// purpose: a person's account; the constraints refuse a second one, and an address that opens another
// params: practice: STRING, personId: STRING, account: MAP
// returns: id
// access: write
MATCH (p:Person {id: $personId})
WHERE p.practice = $practice
CREATE (p)-[:HAS_ACCOUNT]->(a:Account)
SET a = $account, a.practice = $practice
RETURN a.id AS id
