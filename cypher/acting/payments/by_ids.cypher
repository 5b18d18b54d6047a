// purpose: payments by their ids
// params: practice: STRING, ids: LIST<STRING>, payment: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (t:Payment {id: id})
WHERE t.practice = $practice
RETURN collect([k IN $payment | t[k]]) AS rows
