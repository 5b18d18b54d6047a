// purpose: what the search shows of people: in how many networks, and in this client's
// params: practice: STRING, ids: LIST<STRING>, clientId: STRING
// returns: person, clientCount, contact
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
RETURN p{.*} AS person,
  COUNT { MATCH (:Person)-[r:HAS_CONTACT]->(p) WHERE r.practice = $practice } AS clientCount,
  head([(c:Person)-[r:HAS_CONTACT]->(p) WHERE c.id = $clientId AND r.practice = $practice | r{.*, client: c{.*}}]) AS contact
