// purpose: the next message of a thread, and what it changes of the thread, which must be locked; the constraint refuses a second one with a number
// params: practice: STRING, threadId: STRING, thread: MAP, message: MAP
// returns: id
// access: write
MATCH (t:Thread {id: $threadId})
WHERE t.practice = $practice
SET t += $thread
CREATE (m:Message)
SET m = $message, m.practice = $practice
RETURN m.id AS id
