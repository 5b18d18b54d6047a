// purpose: a version of an edge has an id of its own
// params:
// returns:
// access: write
CREATE CONSTRAINT had_contact_id IF NOT EXISTS FOR ()-[r:HAD_CONTACT]-() REQUIRE r.id IS UNIQUE
