// purpose: the embedded engine finds a range of this index only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT ledger_entry_time_key_type IF NOT EXISTS FOR (n:LedgerEntry) REQUIRE n.timeKey IS :: STRING
