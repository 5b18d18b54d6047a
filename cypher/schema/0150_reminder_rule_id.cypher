// purpose: a rule of reminders has an id of its own
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_rule_id IF NOT EXISTS FOR (r:ReminderRule) REQUIRE r.id IS UNIQUE
