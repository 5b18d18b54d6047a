// purpose: the appointments of a series are found together
// params:
// returns:
// access: write
CREATE INDEX appointment_series IF NOT EXISTS FOR (a:Appointment) ON (a.seriesId)
