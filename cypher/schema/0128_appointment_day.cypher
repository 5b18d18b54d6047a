// purpose: appointments are found by practitioner and day
// params:
// returns:
// access: write
CREATE INDEX appointment_day IF NOT EXISTS FOR (a:Appointment) ON (a.dayKey)
