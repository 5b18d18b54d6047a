// purpose: which pairs of client and contact have an edge, or once had one that was removed
// params: practice: STRING, pairs: LIST<MAP>
// returns: clientId, personId
// access: read
UNWIND $pairs AS pair
MATCH (c:Person {id: pair.clientId})-[r:HAS_CONTACT|HAD_CONTACT]->(p:Person)
WHERE c.practice = $practice AND p.id = pair.personId AND (type(r) = 'HAS_CONTACT' OR r.final = true)
RETURN DISTINCT c.id AS clientId, p.id AS personId
