// purpose: search_names for several searches; an id is the prefix and the other words, each in a line
// params: practice: STRING, ids: LIST<STRING>, limit: INTEGER, clientId: STRING|NULL, withCount: BOOLEAN, person: LIST<STRING>, contact: LIST<STRING>, client: LIST<STRING>
// returns: rows
// access: read
// a row: the id and the people, each as search_names has them
// not for the embedded engine, which scans for a prefix that is unwound
UNWIND $ids AS id
CALL (id) {
  WITH split(id, '\n') AS parts
  MATCH (n:NameKey)<-[:HAS_NAME]-(p:Person)
  WHERE n.key STARTS WITH parts[0] AND n.practice IN [$practice] AND all(word IN tail(parts) WHERE n.text CONTAINS word)
  WITH DISTINCT p
  LIMIT $limit
  WITH p,
    CASE WHEN $withCount THEN COUNT { MATCH (p)<-[r:HAS_CONTACT]-(:Person) WHERE r.practice = $practice } ELSE null END AS clientCount,
    CASE WHEN $clientId IS NULL THEN null
      ELSE head([(p)<-[r:HAS_CONTACT]-(c:Person) WHERE c.id = $clientId AND r.practice = $practice | [[k IN $contact | r[k]], [k IN $client | c[k]]]])
    END AS edge
  RETURN collect([[k IN $person | p[k]], clientCount, edge[0], edge[1]]) AS found
}
RETURN collect([id, found]) AS rows
