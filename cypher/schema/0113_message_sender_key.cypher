// purpose: one place keeps what a portal account sent lately: it bounds how much it may send
// params:
// returns:
// access: write
CREATE CONSTRAINT message_sender_key IF NOT EXISTS FOR (s:MessageSender) REQUIRE s.key IS UNIQUE
