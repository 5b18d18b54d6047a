// purpose: a practice's appointments, by their start
// params:
// returns:
// access: write
CREATE INDEX appointment_time_key IF NOT EXISTS FOR (a:Appointment) ON (a.timeKey)
