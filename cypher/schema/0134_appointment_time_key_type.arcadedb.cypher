// purpose: the embedded engine pages by this index only when it knows the key's type (keyset pages)
// params:
// returns:
// access: write
CREATE CONSTRAINT appointment_time_key_type IF NOT EXISTS FOR (a:Appointment) REQUIRE a.timeKey IS :: STRING
