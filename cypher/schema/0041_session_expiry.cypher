// purpose: sessions past their time are found to be swept
// params:
// returns:
// access: write
CREATE INDEX session_expiry IF NOT EXISTS FOR (s:Session) ON (s.expiryKey)
