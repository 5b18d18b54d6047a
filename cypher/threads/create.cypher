// purpose: a new thread of a client, and its first message; the client must be locked
// params: practice: STRING, clientId: STRING, thread: MAP, message: MAP
// returns: id
// access: write
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
CREATE (c)-[:HAS_THREAD]->(t:Thread)
SET t = $thread, t.practice = $practice
CREATE (m:Message)
SET m = $message, m.practice = $practice
RETURN t.id AS id
