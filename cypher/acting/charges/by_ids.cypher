// purpose: charges by their ids
// params: practice: STRING, ids: LIST<STRING>, charge: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (c:Charge {id: id})
WHERE c.practice = $practice
RETURN collect([k IN $charge | c[k]]) AS rows
