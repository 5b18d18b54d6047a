// purpose: a message's id is unique
// params:
// returns:
// access: write
CREATE CONSTRAINT message_id IF NOT EXISTS FOR (m:Message) REQUIRE m.id IS UNIQUE
