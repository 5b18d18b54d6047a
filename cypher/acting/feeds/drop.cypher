// purpose: take calendar feeds of a person away; the person must be locked
// params: practice: STRING, personId: STRING, ids: LIST<STRING>
// returns:
// access: write
MATCH (p:Person {id: $personId})-[:HAS_CALENDAR_FEED]->(f:CalendarFeed)
WHERE p.practice = $practice AND f.id IN $ids
DETACH DELETE f
