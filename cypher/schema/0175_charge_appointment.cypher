// purpose: charges for an appointment are found
// params:
// returns:
// access: write
CREATE INDEX charge_appointment IF NOT EXISTS FOR (n:Charge) ON (n.appointmentId)
