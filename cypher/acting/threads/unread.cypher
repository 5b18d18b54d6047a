// purpose: how many threads of some clients hold messages that a portal account has not read, at most as many as asked for (M8)
// params: practice: STRING, side: STRING, views: LIST<MAP>, limit: INTEGER
// returns: unread
// access: read
// a view: clientId, seat, messagesFrom, isShared: what is for the client alone does not count
UNWIND $views AS view
MATCH (c:Person {id: view.clientId})-[:HAS_THREAD]->(t:Thread)
WHERE t.practice = $practice
WITH t, view, t.audience AS audience,
  CASE WHEN t.lastSide = $side THEN t.otherSequence ELSE t.lastSequence END AS sequence,
  CASE WHEN t.lastSide = $side THEN t.otherAt ELSE t.lastAt END AS at,
  CASE
    WHEN view.seat = 'CLIENT' THEN t.clientFrom
    WHEN t.withPersonId = $side THEN t.withFrom
    ELSE t.othersFrom
  END AS since
WHERE since <= at AND (NOT coalesce(view.isShared, false) OR audience <> 'CLIENT_ONLY') AND (view.seat = 'CLIENT' OR view.messagesFrom <= at)
  AND NOT EXISTS {
    MATCH (r:ThreadRead {key: t.id + '|' + $side})
    WHERE r.practice = $practice AND r.through >= sequence
  }
WITH t
LIMIT $limit
RETURN count(t) AS unread
