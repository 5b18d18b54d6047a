// purpose: mails that tell of appointments; each takes the place of one that waits to tell the same address of the same (A12)
// params: practice: STRING, rows: LIST<MAP>
// returns: key
// access: write
// a row: mailKey, mail
UNWIND $rows AS row
MERGE (m:OutboxMail {key: row.mailKey})
SET m = row.mail, m.key = row.mailKey, m.practice = $practice
RETURN m.key AS key
