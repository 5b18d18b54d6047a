// purpose: a thread's id is unique
// params:
// returns:
// access: write
CREATE CONSTRAINT thread_id IF NOT EXISTS FOR (t:Thread) REQUIRE t.id IS UNIQUE
