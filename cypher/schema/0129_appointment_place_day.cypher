// purpose: appointments are found by exclusive location and day
// params:
// returns:
// access: write
CREATE INDEX appointment_place_day IF NOT EXISTS FOR (a:Appointment) ON (a.placeDayKey)
