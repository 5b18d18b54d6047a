// purpose: days on which the terms of edges end from now on
// params: practice: STRING, rows: LIST<MAP>
// returns: key
// access: write
UNWIND $rows AS row
MERGE (e:AccessEnd {key: row.key})
SET e.practice = $practice, e.contactId = row.contactId
RETURN e.key AS key
