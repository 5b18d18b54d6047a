// purpose: what a new thread of its author needs: the practice's settings, the author's name if they are a practitioner, and what they sent and started lately
// params: practice: STRING, settings: LIST<STRING>, subjectKey: STRING
// returns: settings, practitioner, sender
// access: read
MATCH (n:Practice {id: $practice})
RETURN [k IN $settings | n[k]] AS settings,
  COLLECT {
    MATCH (w:Practitioner {subjectKey: $subjectKey})
    WHERE w.practice = $practice
    RETURN [w.id, w.displayName] AS named
  } AS practitioner,
  COLLECT {
    MATCH (s:MessageSender {key: $subjectKey})
    WHERE s.practice = $practice
    RETURN [s.sentAt, s.startedAt] AS times
  } AS sender
