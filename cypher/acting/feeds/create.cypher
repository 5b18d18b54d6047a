// purpose: a person's new calendar feed; the person must be locked. The constraint refuses a name that they have used
// params: practice: STRING, personId: STRING, feed: MAP
// returns: id
// access: write
MATCH (p:Person {id: $personId})
WHERE p.practice = $practice
CREATE (p)-[:HAS_CALENDAR_FEED]->(f:CalendarFeed)
SET f = $feed, f.practice = $practice
RETURN f.id AS id
