// purpose: a new type of appointment
// params: practice: STRING, type: MAP
// returns: id
// access: write
CREATE (t:AppointmentType)
SET t = $type, t.practice = $practice
RETURN t.id AS id
