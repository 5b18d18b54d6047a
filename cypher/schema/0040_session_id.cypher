// purpose: a portal session is found by its id
// params:
// returns:
// access: write
CREATE CONSTRAINT session_id IF NOT EXISTS FOR (s:Session) REQUIRE s.id IS UNIQUE
