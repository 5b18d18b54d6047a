// purpose: an address opens one account of a practice
// params:
// returns:
// access: write
CREATE CONSTRAINT account_address IF NOT EXISTS FOR (a:Account) REQUIRE a.addressKey IS UNIQUE
