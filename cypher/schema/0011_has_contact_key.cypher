// purpose: one current edge per client and contact (D3)
// params:
// returns:
// access: write
CREATE CONSTRAINT has_contact_key IF NOT EXISTS FOR ()-[r:HAS_CONTACT]-() REQUIRE r.key IS UNIQUE
