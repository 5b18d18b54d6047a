// purpose: a number of a thread stands for one message
// params:
// returns:
// access: write
CREATE CONSTRAINT message_key IF NOT EXISTS FOR (m:Message) REQUIRE m.key IS UNIQUE
