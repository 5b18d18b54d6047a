// purpose: edges of a client with any toggle on (D7)
// params: practice: STRING, clientId: STRING, limit: INTEGER, toggles: LIST<STRING>, contact: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
MATCH (c:Person {id: $clientId})-[r:HAS_CONTACT]->(p:Person)
WHERE r.practice = $practice AND c.practice = $practice AND any(k IN $toggles WHERE r[k])
WITH r, c, p
ORDER BY p.sortKey
LIMIT $limit
RETURN collect([[k IN $contact | r[k]], [k IN $client | c[k]], [k IN $person | p[k]]]) AS rows
