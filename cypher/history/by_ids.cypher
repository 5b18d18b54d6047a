// purpose: superseded versions of contacts by their own ids (D6)
// params: practice: STRING, ids: LIST<STRING>, version: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAD_CONTACT]->(p)
WHERE r.id IN $ids AND r.practice = $practice
RETURN collect([[k IN $version | r[k]], [k IN $client | c[k]], [k IN $person | p[k]]]) AS rows
