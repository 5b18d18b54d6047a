// purpose: a new thread of a client, and its first message; the client must be locked
// params: practice: STRING, clientId: STRING, thread: MAP, message: MAP, senders: LIST<MAP>
// returns: id
// senders: the author, where they are no staff, and what they sent and started lately
// access: write
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
CREATE (c)-[:HAS_THREAD]->(t:Thread)
SET t = $thread, t.practice = $practice
CREATE (m:Message)
SET m = $message, m.practice = $practice
FOREACH (one IN $senders |
  MERGE (s:MessageSender {key: one.key})
  SET s.practice = $practice, s.sentAt = one.sentAt, s.startedAt = one.startedAt)
RETURN t.id AS id
