// purpose: what has changed of charges; their client's ledger must be locked
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
// a row: id, changes
UNWIND $rows AS row
MATCH (c:Charge {id: row.id})
WHERE c.practice = $practice
SET c += row.changes
RETURN c.id AS id
