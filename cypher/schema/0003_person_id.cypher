// purpose: people are found by id
// params:
// returns:
// access: write
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (p:Person) REQUIRE p.id IS UNIQUE
