// purpose: note the day on which a calendar feed was read, once a day; its owner must be locked
// params: practice: STRING, id: STRING, day: STRING
// returns: id
// access: write
MATCH (f:CalendarFeed {id: $id})
WHERE f.practice = $practice AND (f.lastReadOn IS NULL OR f.lastReadOn < $day)
SET f.lastReadOn = $day
RETURN f.id AS id
