// purpose: somebody is told of new messages once
// params:
// returns:
// access: write
CREATE CONSTRAINT message_notice_key IF NOT EXISTS FOR (n:MessageNotice) REQUIRE n.key IS UNIQUE
