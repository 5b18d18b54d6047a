// purpose: a practice's types of appointments are found together; they are few
// params:
// returns:
// access: write
CREATE INDEX appointment_type_practice IF NOT EXISTS FOR (t:AppointmentType) ON (t.practice)
