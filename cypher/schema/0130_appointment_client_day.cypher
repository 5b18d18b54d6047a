// purpose: appointments are found by client and day
// params:
// returns:
// access: write
CREATE INDEX appointment_client_day IF NOT EXISTS FOR (a:Appointment) ON (a.clientDayKey)
