// purpose: threads by their ids
// params: practice: STRING, ids: LIST<STRING>, thread: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (t:Thread {id: id})
WHERE t.practice = $practice
RETURN collect([k IN $thread | t[k]]) AS rows
