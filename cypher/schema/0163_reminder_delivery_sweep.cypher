// purpose: reminders that are long past are found by their time
// params:
// returns:
// access: write
CREATE INDEX reminder_delivery_sweep IF NOT EXISTS FOR (d:ReminderDelivery) ON (d.sweepKey)
