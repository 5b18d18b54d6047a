// purpose: what a new thread of its author needs: the practice's settings, the author's name if they are a practitioner, and what they sent within the hour and started within the day
// params: practice: STRING, settings: LIST<STRING>, subjectKey: STRING, sentAfter: STRING, startedAfter: STRING, sentBefore: STRING, limit: INTEGER
// returns: settings, practitioner, sent, started
// access: read
MATCH (n:Practice {id: $practice})
RETURN [k IN $settings | n[k]] AS settings,
  COLLECT {
    MATCH (w:Practitioner {subjectKey: $subjectKey})
    WHERE w.practice = $practice
    RETURN [w.id, w.displayName] AS named
  } AS practitioner,
  COLLECT {
    MATCH (m:Message)
    WHERE m.authorKey > $sentAfter AND m.authorKey < $sentBefore AND m.practice IN [$practice]
    RETURN m.sequence AS sequence
    LIMIT $limit
  } AS sent,
  COLLECT {
    MATCH (m:Message)
    WHERE m.authorKey > $startedAfter AND m.authorKey < $sentBefore AND m.practice IN [$practice] AND m.sequence = 1
    RETURN m.sequence AS sequence
    LIMIT $limit
  } AS started
