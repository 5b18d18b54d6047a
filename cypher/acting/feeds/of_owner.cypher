// purpose: a person's calendar feeds
// params: practice: STRING, personId: STRING, feed: LIST<STRING>
// returns: feed
// access: read
MATCH (p:Person {id: $personId})-[:HAS_CALENDAR_FEED]->(f:CalendarFeed)
WHERE p.practice = $practice
RETURN [k IN $feed | f[k]] AS feed
