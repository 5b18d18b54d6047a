// purpose: what is kept of codes past their time is found to be swept
// params:
// returns:
// access: write
CREATE INDEX one_time_code_expiry IF NOT EXISTS FOR (c:OneTimeCode) ON (c.expiryKey)
