// purpose: a practice's threads by status, newest message first
// params:
// returns:
// access: write
CREATE INDEX thread_inbox_key IF NOT EXISTS FOR (t:Thread) ON (t.inboxKey)
