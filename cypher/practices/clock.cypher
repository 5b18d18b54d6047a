// purpose: milliseconds since 1970 by the database's clock; for doctor
// params:
// returns: now
// access: read
RETURN timestamp() AS now
