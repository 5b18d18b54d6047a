// purpose: one mail waits for each thing that is to be told
// params:
// returns:
// access: write
CREATE CONSTRAINT outbox_key IF NOT EXISTS FOR (m:OutboxMail) REQUIRE m.key IS UNIQUE
