// purpose: a practitioner's id names one practitioner
// params:
// returns:
// access: write
CREATE CONSTRAINT practitioner_id IF NOT EXISTS FOR (p:Practitioner) REQUIRE p.id IS UNIQUE
