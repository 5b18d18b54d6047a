// purpose: take a migration; the constraint refuses a second claim
// params: migration: MAP
// returns: version
// access: write
CREATE (m:Migration)
SET m = $migration
RETURN m.version AS version
