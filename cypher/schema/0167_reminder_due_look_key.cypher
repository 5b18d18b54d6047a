// purpose: what is to be looked at is found, whichever practice's
// params:
// returns:
// access: write
CREATE INDEX reminder_due_look_key IF NOT EXISTS FOR (d:ReminderDue) ON (d.lookKey)
