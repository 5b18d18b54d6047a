// purpose: what the search shows of people: in how many networks, and in this client's
// params: practice: STRING, ids: LIST<STRING>, clientId: STRING
// returns: person, clientCount, contact
// access: read
// from p outwards: the embedded engine starts a pattern at its left end
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
RETURN p{.*} AS person,
  COUNT { MATCH (p)<-[r:HAS_CONTACT]-(:Person) WHERE r.practice = $practice } AS clientCount,
  head([(p)<-[r:HAS_CONTACT]-(c:Person) WHERE c.id = $clientId AND r.practice = $practice | r{.*, client: c{.*}}]) AS contact
