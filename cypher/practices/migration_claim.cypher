// purpose: take migrations; the constraint refuses a second claim
// params: migrations: LIST<MAP>
// returns: version
// access: write
UNWIND $migrations AS migration
CREATE (m:Migration)
SET m = migration
RETURN m.version AS version
