// purpose: the newest refresh token of a session that is locked
// params: practice: STRING, id: STRING, refreshHash: STRING, refreshedAt: STRING
// returns: id
// access: write
MATCH (s:Session {id: $id})
WHERE s.practice = $practice
SET s.refreshHash = $refreshHash, s.refreshedAt = $refreshedAt
RETURN s.id AS id
