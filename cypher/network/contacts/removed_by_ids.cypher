// purpose: removed edges by their contact's ids (D6); they read as a current one does, one version further
// params: practice: STRING, ids: LIST<STRING>, contact: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAD_CONTACT]->(p)
WHERE r.contactId IN $ids AND r.final = true AND r.practice = $practice
RETURN collect([
  [k IN $contact | CASE k WHEN 'id' THEN r.contactId WHEN 'version' THEN r.version + 1 WHEN 'updatedAt' THEN r.validTo WHEN 'removedAt' THEN r.validTo ELSE r[k] END],
  [k IN $client | c[k]],
  [k IN $person | p[k]]
]) AS rows
