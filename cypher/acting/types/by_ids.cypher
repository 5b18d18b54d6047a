// purpose: types of appointments by their ids
// params: practice: STRING, ids: LIST<STRING>, type: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (t:AppointmentType {id: id})
WHERE t.practice = $practice
RETURN collect([k IN $type | t[k]]) AS rows
