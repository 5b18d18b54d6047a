// purpose: which pairs of client and contact once had an edge that was removed (imports)
// params: practice: STRING, pairs: LIST<MAP>
// returns: clientId, personId
// access: read
UNWIND $pairs AS pair
MATCH (c:Person {id: pair.clientId})
WHERE c.practice = $practice
MATCH (c)-[r:HAD_CONTACT]->(p:Person)
WHERE p.id = pair.personId AND r.final = true AND r.practice = $practice
RETURN c.id AS clientId, p.id AS personId
