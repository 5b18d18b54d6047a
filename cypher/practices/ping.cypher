// purpose: whether the database answers
// params:
// returns: ok
// access: read
RETURN 1 AS ok
