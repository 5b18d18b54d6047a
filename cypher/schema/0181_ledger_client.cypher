// purpose: a client has one ledger
// params:
// returns:
// access: write
CREATE CONSTRAINT ledger_client IF NOT EXISTS FOR (n:Ledger) REQUIRE n.clientId IS UNIQUE
