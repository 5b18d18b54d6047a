// purpose: a client's threads, newest message first
// params:
// returns:
// access: write
CREATE INDEX thread_client_key IF NOT EXISTS FOR (t:Thread) ON (t.clientKey)
