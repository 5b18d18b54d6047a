// purpose: a practitioner's threads by status, newest message first
// params:
// returns:
// access: write
CREATE INDEX thread_assigned_key IF NOT EXISTS FOR (t:Thread) ON (t.assignedKey)
