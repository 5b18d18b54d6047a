// purpose: facts of before are found by whose they are
// params:
// returns:
// access: write
CREATE INDEX access_fact_subject IF NOT EXISTS FOR (f:AccessFact) ON (f.subject)
