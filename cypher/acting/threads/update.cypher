// purpose: what has changed of a thread; it must be locked
// params: practice: STRING, id: STRING, thread: MAP
// returns: id
// access: write
MATCH (t:Thread {id: $id})
WHERE t.practice = $practice
SET t += $thread
RETURN t.id AS id
