// purpose: the number of a thread's first message that was sent since a moment
// params: practice: STRING, above: STRING, below: STRING, since: STRING
// returns: sequence
// access: read
MATCH (m:Message)
WHERE m.key > $above AND m.key < $below AND m.practice IN [$practice] AND m.sentAt >= $since
RETURN m.sequence AS sequence
ORDER BY m.key
LIMIT 1
