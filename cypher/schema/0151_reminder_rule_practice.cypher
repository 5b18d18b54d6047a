// purpose: a practice's rules of reminders are found together; they are few
// params:
// returns:
// access: write
CREATE INDEX reminder_rule_practice IF NOT EXISTS FOR (r:ReminderRule) ON (r.practice)
