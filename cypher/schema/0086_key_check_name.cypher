// purpose: one check value for each key that the data know
// params:
// returns:
// access: write
CREATE CONSTRAINT key_check_name IF NOT EXISTS FOR (k:KeyCheck) REQUIRE k.name IS UNIQUE
