// purpose: one code for each thing that it may be asked for
// params:
// returns:
// access: write
CREATE CONSTRAINT one_time_code_key IF NOT EXISTS FOR (c:OneTimeCode) REQUIRE c.key IS UNIQUE
