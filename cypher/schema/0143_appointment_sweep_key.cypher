// purpose: appointments whose claimed moments are still kept are found by their start
// params:
// returns:
// access: write
CREATE INDEX appointment_sweep_key IF NOT EXISTS FOR (a:Appointment) ON (a.sweepKey)
