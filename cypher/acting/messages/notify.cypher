// purpose: mails that tell of new messages, to those who were not told since they last looked, nor lately; a mail that waits keeps its time (M9)
// params: practice: STRING, rows: LIST<MAP>, toldBefore: STRING, stamp: STRING
// returns: key
// access: write
// a row: key of the notice, mailKey, mail
UNWIND $rows AS row
MERGE (n:MessageNotice {key: row.key})
SET n.practice = $practice, n.lock = $stamp
WITH row, n
WHERE n.noticedAt IS NULL OR n.noticedAt < $toldBefore OR n.readAt >= n.noticedAt
MERGE (m:OutboxMail {key: row.mailKey})
FOREACH (one IN CASE WHEN m.dueAt IS NULL OR m.failedAt IS NOT NULL THEN [m] ELSE [] END |
  SET one = row.mail, one.key = row.mailKey, one.practice = $practice)
RETURN row.key AS key
