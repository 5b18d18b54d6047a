// purpose: the embedded engine finds a range of this index only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_due_look_key_type IF NOT EXISTS FOR (d:ReminderDue) REQUIRE d.lookKey IS :: STRING
