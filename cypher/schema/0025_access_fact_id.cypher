// purpose: facts of before: one set at a time for one subject
// params:
// returns:
// access: write
CREATE CONSTRAINT access_fact_id IF NOT EXISTS FOR (f:AccessFact) REQUIRE f.id IS UNIQUE
