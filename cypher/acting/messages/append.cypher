// purpose: the next message of a thread, and what it changes of the thread, which must be locked; the constraint refuses a second one with a number
// params: practice: STRING, threadId: STRING, thread: MAP, message: MAP, senders: LIST<MAP>
// returns: id
// senders: the author, where they are no staff, and what they sent and started lately
// access: write
MATCH (t:Thread {id: $threadId})
WHERE t.practice = $practice
SET t += $thread
CREATE (m:Message)
SET m = $message, m.practice = $practice
FOREACH (one IN $senders |
  MERGE (s:MessageSender {key: one.key})
  SET s.practice = $practice, s.sentAt = one.sentAt, s.startedAt = one.startedAt)
RETURN m.id AS id
