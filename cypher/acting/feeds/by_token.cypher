// purpose: the calendar feed of a token, while its owner's portal account is active
// params: practice: STRING, tokenKey: STRING, feed: LIST<STRING>
// returns: feed, accountId
// access: read
MATCH (f:CalendarFeed {tokenKey: $tokenKey})
WHERE f.practice = $practice
MATCH (f)<-[:HAS_CALENDAR_FEED]-(p:Person)-[:HAS_ACCOUNT]->(a:Account)
WHERE p.practice = $practice AND a.status = 'ACTIVE'
RETURN [k IN $feed | f[k]] AS feed, a.id AS accountId
