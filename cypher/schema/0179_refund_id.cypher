// purpose: a refund is found by its id, and no other has it
// params:
// returns:
// access: write
CREATE CONSTRAINT refund_id IF NOT EXISTS FOR (n:Refund) REQUIRE n.id IS UNIQUE
