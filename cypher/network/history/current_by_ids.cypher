// purpose: current versions of contacts by the versions' ids (D6)
// params: practice: STRING, ids: LIST<STRING>, version: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.versionId IN $ids AND r.practice = $practice
RETURN collect([
  [k IN $version | CASE k WHEN 'id' THEN r.versionId WHEN 'contactId' THEN r.id WHEN 'validFrom' THEN r.updatedAt ELSE r[k] END],
  [k IN $client | c[k]],
  [k IN $person | p[k]]
]) AS rows
