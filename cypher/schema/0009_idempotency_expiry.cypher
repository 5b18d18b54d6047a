// purpose: records past their 24 hours are found to be swept
// params:
// returns:
// access: write
CREATE INDEX idempotency_expiry IF NOT EXISTS FOR (k:IdempotencyKey) ON (k.expiryKey)
