// purpose: end one session of an account, if it has not ended yet
// params: practice: STRING, id: STRING, at: STRING, reason: STRING
// returns: id
// access: write
MATCH (s:Session {id: $id})
WHERE s.practice = $practice
SET s.endedAt = coalesce(s.endedAt, $at), s.endedBecause = coalesce(s.endedBecause, $reason)
RETURN s.id AS id
