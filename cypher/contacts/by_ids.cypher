// purpose: current edges by their ids; IN uses the edges' index, UNWIND would not
// params: practice: STRING, ids: LIST<STRING>, contact: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.id IN $ids AND r.practice = $practice
RETURN collect([[k IN $contact | r[k]], [k IN $client | c[k]], [k IN $person | p[k]]]) AS rows
