// purpose: a side reads a thread through one number
// params:
// returns:
// access: write
CREATE CONSTRAINT thread_read_key IF NOT EXISTS FOR (r:ThreadRead) REQUIRE r.key IS UNIQUE
