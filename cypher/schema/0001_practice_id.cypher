// purpose: practices are found by id
// params:
// returns:
// access: write
CREATE CONSTRAINT practice_id IF NOT EXISTS FOR (p:Practice) REQUIRE p.id IS UNIQUE
