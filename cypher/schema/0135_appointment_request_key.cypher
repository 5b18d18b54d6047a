// purpose: requests that wait for a practice, the one that expires first first
// params:
// returns:
// access: write
CREATE INDEX appointment_request_key IF NOT EXISTS FOR (a:Appointment) ON (a.requestKey)
