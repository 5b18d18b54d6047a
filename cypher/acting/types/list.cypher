// purpose: a practice's types of appointments, in no order
// params: practice: STRING, limit: INTEGER, type: LIST<STRING>
// returns: type
// access: read
MATCH (t:AppointmentType {practice: $practice})
RETURN [k IN $type | t[k]] AS type
LIMIT $limit
