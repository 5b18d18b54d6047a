// purpose: an appointment type's id is unique
// params:
// returns:
// access: write
CREATE CONSTRAINT appointment_type_id IF NOT EXISTS FOR (t:AppointmentType) REQUIRE t.id IS UNIQUE
