// purpose: a practice's practitioners are found together; they are few
// params:
// returns:
// access: write
CREATE INDEX practitioner_practice IF NOT EXISTS FOR (p:Practitioner) ON (p.practice)
