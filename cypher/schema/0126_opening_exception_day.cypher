// purpose: exceptions are found by practitioner and day
// params:
// returns:
// access: write
CREATE INDEX opening_exception_day IF NOT EXISTS FOR (e:OpeningException) ON (e.dayKey)
