// purpose: one entry for each word of a person's name, for searching by prefix
// params:
// returns:
// access: write
CREATE CONSTRAINT name_key IF NOT EXISTS FOR (n:NameKey) REQUIRE n.key IS UNIQUE
