// purpose: the embedded engine pages by this index only when it knows the key's type (keyset pages)
// params:
// returns:
// access: write
CREATE CONSTRAINT thread_awaits_key_type IF NOT EXISTS FOR (t:Thread) REQUIRE t.awaitsKey IS :: STRING
