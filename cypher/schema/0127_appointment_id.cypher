// purpose: an appointment's id is unique
// params:
// returns:
// access: write
CREATE CONSTRAINT appointment_id IF NOT EXISTS FOR (a:Appointment) REQUIRE a.id IS UNIQUE
