// purpose: the embedded engine finds a range of this index only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT appointment_sweep_key_type IF NOT EXISTS FOR (a:Appointment) REQUIRE a.sweepKey IS :: STRING
