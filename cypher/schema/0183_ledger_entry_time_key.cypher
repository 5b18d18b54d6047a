// purpose: entries of a ledger are found in their order
// params:
// returns:
// access: write
CREATE INDEX ledger_entry_time_key IF NOT EXISTS FOR (n:LedgerEntry) ON (n.timeKey)
