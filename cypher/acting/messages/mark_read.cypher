// purpose: note through which message a side has read a thread, forwards only (M8), and that whoever was told has looked
// params: practice: STRING, key: STRING, through: INTEGER, by: STRING, at: STRING, noticeKeys: LIST<STRING>
// returns: through
// access: note
MERGE (r:ThreadRead {key: $key})
SET r.practice = $practice, r.by = CASE WHEN coalesce(r.through, 0) < $through THEN $by ELSE r.by END,
  r.at = CASE WHEN coalesce(r.through, 0) < $through THEN $at ELSE r.at END,
  r.through = CASE WHEN coalesce(r.through, 0) < $through THEN $through ELSE r.through END
WITH r
FOREACH (noticeKey IN $noticeKeys |
  MERGE (n:MessageNotice {key: noticeKey})
  SET n.practice = $practice, n.readAt = $at)
RETURN r.through AS through
