// purpose: a rule looks at an appointment once
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_due_key IF NOT EXISTS FOR (d:ReminderDue) REQUIRE d.key IS UNIQUE
