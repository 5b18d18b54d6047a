// purpose: a ledger has one entry with each number
// params:
// returns:
// access: write
CREATE CONSTRAINT ledger_entry_key IF NOT EXISTS FOR (n:LedgerEntry) REQUIRE n.key IS UNIQUE
