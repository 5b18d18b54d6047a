// purpose: a payment is found by its id, and no other has it
// params:
// returns:
// access: write
CREATE CONSTRAINT payment_id IF NOT EXISTS FOR (n:Payment) REQUIRE n.id IS UNIQUE
