// purpose: an invitation is found by the hash of its token
// params:
// returns:
// access: write
CREATE CONSTRAINT invitation_token IF NOT EXISTS FOR (i:Invitation) REQUIRE i.tokenKey IS UNIQUE
