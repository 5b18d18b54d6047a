// purpose: people with a match key that starts with `prefix`, as the search shows them
// params: practice: STRING, prefix: STRING, limit: INTEGER, clientId: STRING|NULL, withCount: BOOLEAN, person: LIST<STRING>, contact: LIST<STRING>, client: LIST<STRING>
// returns: rows
// access: read
// a row: the person, in how many networks if asked, this client's edge and the client themselves, both null without one
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (m:MatchKey)<-[:HAS_KEY]-(p:Person)
WHERE m.key STARTS WITH $prefix AND m.practice IN [$practice]
WITH DISTINCT p
LIMIT $limit
WITH p,
  CASE WHEN $withCount THEN COUNT { MATCH (p)<-[r:HAS_CONTACT]-(:Person) WHERE r.practice = $practice } ELSE null END AS clientCount,
  CASE WHEN $clientId IS NULL THEN null
    ELSE head([(p)<-[r:HAS_CONTACT]-(c:Person) WHERE c.id = $clientId AND r.practice = $practice | [[k IN $contact | r[k]], [k IN $client | c[k]]]])
  END AS edge
RETURN collect([[k IN $person | p[k]], clientCount, edge[0], edge[1]]) AS rows
