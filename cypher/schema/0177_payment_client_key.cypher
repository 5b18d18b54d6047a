// purpose: the payments for a client are found, the newest first
// params:
// returns:
// access: write
CREATE INDEX payment_client_key IF NOT EXISTS FOR (n:Payment) ON (n.clientKey)
