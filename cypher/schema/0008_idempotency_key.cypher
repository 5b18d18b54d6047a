// purpose: one record for each practice, actor, mutation and key
// params:
// returns:
// access: write
CREATE CONSTRAINT idempotency_key IF NOT EXISTS FOR (k:IdempotencyKey) REQUIRE k.key IS UNIQUE
