// purpose: those of a client's charges that are open are found in the order of their service dates
// params:
// returns:
// access: write
CREATE INDEX charge_open_key IF NOT EXISTS FOR (n:Charge) ON (n.openKey)
