// purpose: a type of appointment as it is from now on; it must be locked
// params: practice: STRING, id: STRING, type: MAP
// returns: id
// access: write
MATCH (t:AppointmentType {id: $id})
WHERE t.practice = $practice
SET t = $type, t.practice = $practice
RETURN t.id AS id
