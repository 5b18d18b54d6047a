// purpose: take the locks of types of appointments, in the order given, and read them under the locks
// params: practice: STRING, ids: LIST<STRING>, stamp: STRING, type: LIST<STRING>
// returns: type
// access: lock
UNWIND $ids AS id
MATCH (t:AppointmentType {id: id})
WHERE t.practice = $practice
SET t.lock = $stamp
WITH t
RETURN [k IN $type | t[k]] AS type
