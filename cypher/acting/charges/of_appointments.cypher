// purpose: charges for appointments
// params: practice: STRING, ids: LIST<STRING>, charge: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (c:Charge {appointmentId: id})
WHERE c.practice = $practice
RETURN collect([k IN $charge | c[k]]) AS rows
