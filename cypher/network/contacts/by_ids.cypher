// purpose: <<what>> by their ids; IN uses the edges' index, UNWIND would not
// params: practice: STRING, ids: LIST<STRING>, <<name>>: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
// variants: by_ids, versions_by_ids
//   by_ids: what = current edges
//   by_ids: type = HAS_CONTACT
//   by_ids: name = contact
//   versions_by_ids: what = superseded versions of contacts (D6)
//   versions_by_ids: type = HAD_CONTACT
//   versions_by_ids: name = version
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:<<type>>]->(p)
WHERE r.id IN $ids AND r.practice = $practice
RETURN collect([[k IN $<<name>> | r[k]], [k IN $client | c[k]], [k IN $person | p[k]]]) AS rows
