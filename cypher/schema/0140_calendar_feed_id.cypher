// purpose: a calendar feed is found by its id
// params:
// returns:
// access: write
CREATE CONSTRAINT calendar_feed_id IF NOT EXISTS FOR (f:CalendarFeed) REQUIRE f.id IS UNIQUE
