// purpose: current edges between pairs of client and contact (D3, D11)
// params: practice: STRING, pairs: LIST<MAP>, contact: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
UNWIND $pairs AS pair
MATCH (c:Person {id: pair.clientId})
WHERE c.practice = $practice
MATCH (c)-[r:HAS_CONTACT]->(p:Person)
WHERE p.id = pair.personId AND r.practice = $practice
RETURN collect([[k IN $contact | r[k]], [k IN $client | c[k]], [k IN $person | p[k]]]) AS rows
