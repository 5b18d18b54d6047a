// purpose: what was sent of an appointment is found together
// params:
// returns:
// access: write
CREATE INDEX reminder_delivery_appointment IF NOT EXISTS FOR (d:ReminderDelivery) ON (d.appointmentId)
