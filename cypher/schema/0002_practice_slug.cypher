// purpose: a slug names one practice
// params:
// returns:
// access: write
CREATE CONSTRAINT practice_slug IF NOT EXISTS FOR (p:Practice) REQUIRE p.slug IS UNIQUE
