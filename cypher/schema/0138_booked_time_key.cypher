// purpose: a moment of a practitioner or an exclusive location is claimed by one appointment (A5)
// params:
// returns:
// access: write
CREATE CONSTRAINT booked_time_key IF NOT EXISTS FOR (b:BookedTime) REQUIRE b.key IS UNIQUE
