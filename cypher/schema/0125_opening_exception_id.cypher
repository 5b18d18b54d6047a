// purpose: an exception's id is unique
// params:
// returns:
// access: write
CREATE CONSTRAINT opening_exception_id IF NOT EXISTS FOR (e:OpeningException) REQUIRE e.id IS UNIQUE
