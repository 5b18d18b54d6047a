// purpose: a person has one calendar feed of a name
// params:
// returns:
// access: write
CREATE CONSTRAINT calendar_feed_owner IF NOT EXISTS FOR (f:CalendarFeed) REQUIRE f.ownerKey IS UNIQUE
