// purpose: the embedded engine reads them in order only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT access_end_key_type IF NOT EXISTS FOR (e:AccessEnd) REQUIRE e.key IS :: STRING
