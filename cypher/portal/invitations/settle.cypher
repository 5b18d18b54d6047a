// purpose: what became of invitations; one that is not pending any more holds no address
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
UNWIND $rows AS row
MATCH (i:Invitation {key: row.key})
WHERE i.practice = $practice
SET i.status = row.status, i.wrongAnswers = row.wrongAnswers, i.addressKey = row.addressKey
RETURN i.id AS id
