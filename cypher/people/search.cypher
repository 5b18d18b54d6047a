// purpose: people with a <<what>>, as the search shows them
// params: practice: STRING, prefix: STRING<<params>>, limit: INTEGER, clientId: STRING|NULL, withCount: BOOLEAN, person: LIST<STRING>, contact: LIST<STRING>, client: LIST<STRING>
// returns: rows
// access: read
// variants: search_names, search_match_keys
//   search_names: what = word that starts with `prefix` and all of `words`
//   search_names: params = , words: LIST<STRING>
//   search_names: keys = (n:NameKey)<-[:HAS_NAME]-(p:Person)
//   search_names: key = n
//   search_names: words = AND all(word IN $words WHERE n.text CONTAINS word)
//   search_match_keys: what = match key that starts with `prefix`
//   search_match_keys: params =
//   search_match_keys: keys = (m:MatchKey)<-[:HAS_KEY]-(p:Person)
//   search_match_keys: key = m
//   search_match_keys: words =
// a row: the person, in how many networks if asked, this client's edge and the client themselves, both null without one
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH <<keys>>
WHERE <<key>>.key STARTS WITH $prefix AND <<key>>.practice IN [$practice] <<words>>
WITH DISTINCT p
LIMIT $limit
WITH p,
  CASE WHEN $withCount THEN COUNT { MATCH (p)<-[r:HAS_CONTACT]-(:Person) WHERE r.practice = $practice } ELSE null END AS clientCount,
  CASE WHEN $clientId IS NULL THEN null
    ELSE head([(p)<-[r:HAS_CONTACT]-(c:Person) WHERE c.id = $clientId AND r.practice = $practice | [[k IN $contact | r[k]], [k IN $client | c[k]]]])
  END AS edge
RETURN collect([[k IN $person | p[k]], clientCount, edge[0], edge[1]]) AS rows
