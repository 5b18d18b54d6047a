// purpose: appointments by their ids
// params: practice: STRING, ids: LIST<STRING>, appointment: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (a:Appointment {id: id})
WHERE a.practice = $practice
RETURN collect([k IN $appointment | a[k]]) AS rows
