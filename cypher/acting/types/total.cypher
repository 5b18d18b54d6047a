// purpose: how many types of appointments a practice has, those that are not active included
// params: practice: STRING
// returns: total
// access: read
MATCH (t:AppointmentType {practice: $practice})
RETURN count(t) AS total
