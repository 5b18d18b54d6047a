// purpose: one claim per migration
// params:
// returns:
// access: write
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (m:Migration) REQUIRE m.version IS UNIQUE
