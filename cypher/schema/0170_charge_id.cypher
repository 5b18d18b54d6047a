// purpose: a charge is found by its id, and no other has it
// params:
// returns:
// access: write
CREATE CONSTRAINT charge_id IF NOT EXISTS FOR (n:Charge) REQUIRE n.id IS UNIQUE
