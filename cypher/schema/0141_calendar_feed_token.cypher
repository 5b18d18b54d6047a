// purpose: a calendar feed is found by the hash of its token when it is read
// params:
// returns:
// access: write
CREATE CONSTRAINT calendar_feed_token IF NOT EXISTS FOR (f:CalendarFeed) REQUIRE f.tokenKey IS UNIQUE
