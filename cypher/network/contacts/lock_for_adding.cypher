// purpose: take a client's lock, then read under it what a new edge depends on: client, person, the edge there is (D3, D7, D13)
// params: practice: STRING, clientId: STRING, personId: STRING, stamp: STRING, person: LIST<STRING>, contact: LIST<STRING>
// returns: client, head, stamps, people, edges, ageOfMajority
// access: lock
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
SET c.lock = $stamp
WITH c
RETURN [k IN $person | c[k]] AS client, [c.auditCount, c.auditHead, c.auditAt] AS head, [[c.networkSince, c.auditAt]] AS stamps,
  COLLECT { MATCH (p:Person {id: $personId}) WHERE p.practice = $practice RETURN [k IN $person | p[k]] } AS people,
  [(c)-[r:HAS_CONTACT]->(q:Person) WHERE q.id = $personId AND r.practice = $practice | [k IN $contact | r[k]]] AS edges,
  COLLECT { MATCH (s:Practice {id: $practice}) RETURN s.ageOfMajority } AS ageOfMajority
