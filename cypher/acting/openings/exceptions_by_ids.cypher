// purpose: exceptions to practitioners' hours by their ids
// params: practice: STRING, ids: LIST<STRING>, exception: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (e:OpeningException {id: id})
WHERE e.practice = $practice
RETURN collect([k IN $exception | e[k]]) AS rows
