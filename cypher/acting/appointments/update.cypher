// purpose: what has changed of appointments, in the order given; they must be locked
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
// a row: id, changes
UNWIND $rows AS row
MATCH (a:Appointment {id: row.id})
WHERE a.practice = $practice
SET a += row.changes
RETURN a.id AS id
