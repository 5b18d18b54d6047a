// purpose: what is to be looked at is found by its appointment
// params:
// returns:
// access: write
CREATE INDEX reminder_due_appointment IF NOT EXISTS FOR (d:ReminderDue) ON (d.appointmentId)
