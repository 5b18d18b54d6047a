// purpose: clients in their order, by practice (keyset pages)
// params:
// returns:
// access: write
CREATE INDEX person_client_key IF NOT EXISTS FOR (p:Person) ON (p.clientKey)
