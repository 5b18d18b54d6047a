// purpose: a client's charges are found in the order of their service dates
// params:
// returns:
// access: write
CREATE INDEX charge_client_key IF NOT EXISTS FOR (n:Charge) ON (n.clientKey)
