// purpose: what decides what contacts may do, as it is now, for several current edges by their ids
// params: practice: STRING, ids: LIST<STRING>, settings: LIST<STRING>, client: LIST<STRING>, edge: LIST<STRING>, person: LIST<STRING>, account: LIST<STRING>
// returns: timeZone, settings, rows
// access: read
// a row: [client, edge, contact, accounts], each with since when it is so
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.id IN $ids AND r.practice = $practice
WITH collect([
  [k IN $client | c[k]],
  [k IN $edge | r[k]],
  [k IN $person | p[k]],
  [(p)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | [k IN $account | a[k]]]
]) AS rows
MATCH (n:Practice {id: $practice})
RETURN n.timeZone AS timeZone, [k IN $settings | n[k]] AS settings, rows
