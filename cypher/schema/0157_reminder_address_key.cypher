// purpose: one address of a channel has one node, which is a lock and is never deleted
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_address_key IF NOT EXISTS FOR (a:ReminderAddress) REQUIRE a.key IS UNIQUE
