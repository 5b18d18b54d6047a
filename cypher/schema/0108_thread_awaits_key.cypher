// purpose: a practice's threads that wait for an answer, newest message first
// params:
// returns:
// access: write
CREATE INDEX thread_awaits_key IF NOT EXISTS FOR (t:Thread) ON (t.awaitsKey)
