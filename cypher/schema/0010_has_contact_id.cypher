// purpose: current edges are found by id
// params:
// returns:
// access: write
CREATE CONSTRAINT has_contact_id IF NOT EXISTS FOR ()-[r:HAS_CONTACT]-() REQUIRE r.id IS UNIQUE
