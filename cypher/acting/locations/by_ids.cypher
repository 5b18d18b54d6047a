// purpose: locations by their ids
// params: practice: STRING, ids: LIST<STRING>, location: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (l:Location {id: id})
WHERE l.practice = $practice
RETURN collect([k IN $location | l[k]]) AS rows
