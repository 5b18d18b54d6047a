// purpose: messages by their ids, each with its thread
// params: practice: STRING, ids: LIST<STRING>, message: LIST<STRING>, thread: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (m:Message {id: id})
WHERE m.practice = $practice
MATCH (t:Thread {id: m.threadId})
WHERE t.practice = $practice
RETURN collect([[k IN $message | m[k]], [k IN $thread | t[k]]]) AS rows
