// purpose: take appointments' locks, in the order given, and read them under the locks
// params: practice: STRING, ids: LIST<STRING>, stamp: STRING, appointment: LIST<STRING>
// returns: appointment
// access: lock
UNWIND $ids AS id
MATCH (a:Appointment {id: id})
WHERE a.practice = $practice
SET a.lock = $stamp
WITH a
RETURN [k IN $appointment | a[k]] AS appointment
