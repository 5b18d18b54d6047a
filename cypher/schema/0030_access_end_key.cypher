// purpose: when the terms of an edge end, in order, by practice: practice|day|contact (D8, D13)
// params:
// returns:
// access: write
CREATE CONSTRAINT access_end_key IF NOT EXISTS FOR (e:AccessEnd) REQUIRE e.key IS UNIQUE
