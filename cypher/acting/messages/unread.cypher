// purpose: how many messages of some threads a side has not read, of those of other sides, sent since a moment (M8)
// params: practice: STRING, side: STRING, rows: LIST<MAP>, most: INTEGER
// returns: threadId, unread
// access: read
// a row: threadId, last, since; only the newest of a thread are counted, by their numbers, which have no gaps
UNWIND $rows AS row
OPTIONAL MATCH (r:ThreadRead {key: row.threadId + '|' + $side})
WITH row, coalesce(r.through, 0) AS through
WITH row, CASE WHEN through < row.last - $most THEN row.last - $most ELSE through END AS through
UNWIND range(through + 1, row.last) AS sequence
MATCH (m:Message {key: row.threadId + '|' + right('000000000' + toString(sequence), 10)})
WHERE m.practice = $practice AND m.sentAt >= row.since AND coalesce(m.personId, 'staff') <> $side
RETURN row.threadId AS threadId, count(m) AS unread
