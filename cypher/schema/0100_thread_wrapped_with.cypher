// purpose: threads are found by the message master that wraps their keys
// params:
// returns:
// access: write
CREATE INDEX thread_wrapped_with IF NOT EXISTS FOR (t:Thread) ON (t.wrappedWith)
