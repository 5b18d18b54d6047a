// purpose: take a thread's lock and read it under it, with what a new message of its author needs: the practice's settings, the author's name if they are a practitioner, where the assigned practitioner is told, and what the author sent lately
// params: practice: STRING, id: STRING, stamp: STRING, thread: LIST<STRING>, settings: LIST<STRING>, subjectKey: STRING
// returns: thread, settings, practitioner, assigned, sender
// access: lock
MATCH (t:Thread {id: $id})
WHERE t.practice = $practice
SET t.lock = $stamp
WITH t
MATCH (n:Practice {id: $practice})
RETURN [k IN $thread | t[k]] AS thread, [k IN $settings | n[k]] AS settings,
  COLLECT {
    MATCH (w:Practitioner {subjectKey: $subjectKey})
    WHERE w.practice = $practice
    RETURN [w.id, w.displayName] AS named
  } AS practitioner,
  COLLECT {
    MATCH (w:Practitioner {id: t.assignedTo})
    WHERE w.practice = $practice AND w.isActive
    RETURN w.noticeEmail AS email
  } AS assigned,
  COLLECT {
    MATCH (s:MessageSender {key: $subjectKey})
    WHERE s.practice = $practice
    RETURN [s.sentAt, s.startedAt] AS times
  } AS sender
