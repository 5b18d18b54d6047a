// purpose: one invitation per contact
// params:
// returns:
// access: write
CREATE CONSTRAINT invitation_key IF NOT EXISTS FOR (i:Invitation) REQUIRE i.key IS UNIQUE
