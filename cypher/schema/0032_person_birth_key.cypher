// purpose: clients in the order of their birth dates, by practice (D13)
// params:
// returns:
// access: write
CREATE INDEX person_birth_key IF NOT EXISTS FOR (p:Person) ON (p.birthKey)
