// purpose: what duplicates have in common, and the lock for deciding about them (D9)
// params:
// returns:
// access: write
CREATE CONSTRAINT match_key IF NOT EXISTS FOR (k:MatchKey) REQUIRE k.key IS UNIQUE
