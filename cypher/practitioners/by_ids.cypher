// purpose: practitioners by their ids
// params: practice: STRING, ids: LIST<STRING>, practitioner: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (p:Practitioner {id: id})
WHERE p.practice = $practice
RETURN collect([k IN $practitioner | p[k]]) AS rows
