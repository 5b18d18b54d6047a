// purpose: people by their ids
// params: practice: STRING, ids: LIST<STRING>, person: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
RETURN collect([k IN $person | p[k]]) AS rows
