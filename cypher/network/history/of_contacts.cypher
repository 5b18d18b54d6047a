// purpose: the superseded versions of contacts, newest first, with how many there are (D6); IN uses the edges' index
// params: practice: STRING, ids: LIST<STRING>, below: INTEGER, version: LIST<STRING>, limit: INTEGER
// returns: rows
// access: read
// a row: the contact's id, the first of its versions below the number given, how many there are in all
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAD_CONTACT]->(p)
WHERE r.contactId IN $ids AND r.practice = $practice
WITH r
ORDER BY r.version DESC
WITH r.contactId AS id, count(r) AS total,
  collect(CASE WHEN r.version < $below THEN [k IN $version | r[k]] ELSE null END)[0..$limit] AS versions
RETURN collect([id, versions, total]) AS rows
