// purpose: what the search shows of people: in how many networks, and in this client's
// params: practice: STRING, ids: LIST<STRING>, clientId: STRING, person: LIST<STRING>, contact: LIST<STRING>
// returns: rows
// access: read
// a row: the person, in how many networks, the edge of this client's network and the client, both null without one
// from p outwards: the embedded engine starts a pattern at its left end
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p,
  COUNT { MATCH (p)<-[r:HAS_CONTACT]-(:Person) WHERE r.practice = $practice } AS clientCount,
  head([(p)<-[r:HAS_CONTACT]-(c:Person) WHERE c.id = $clientId AND r.practice = $practice | [[k IN $contact | r[k]], [k IN $person | c[k]]]]) AS edge
RETURN collect([[k IN $person | p[k]], clientCount, edge[0], edge[1]]) AS rows
