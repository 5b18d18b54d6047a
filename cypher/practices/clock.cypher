// purpose: the time by the database's clock; for doctor
// params:
// returns: now
// access: read
RETURN toString(datetime()) AS now
