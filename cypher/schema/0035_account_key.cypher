// purpose: one account per person and practice
// params:
// returns:
// access: write
CREATE CONSTRAINT account_key IF NOT EXISTS FOR (a:Account) REQUIRE a.key IS UNIQUE
