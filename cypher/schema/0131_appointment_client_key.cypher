// purpose: a client's appointments, by their start
// params:
// returns:
// access: write
CREATE INDEX appointment_client_key IF NOT EXISTS FOR (a:Appointment) ON (a.clientKey)
