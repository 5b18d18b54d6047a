// purpose: what decides who is reminded of an appointment, beside the people; and what was sent of it already
// params: practice: STRING, dueKey: STRING, due: LIST<STRING>, appointmentId: STRING, appointment: LIST<STRING>, location: LIST<STRING>, rule: LIST<STRING>, quiet: LIST<STRING>, delivery: LIST<STRING>
// returns: dues, appointments, rules, quiet, deliveries
// access: read
// an appointment: [itself, its location]
MATCH (n:Practice {id: $practice})
RETURN [k IN $quiet | n[k]] AS quiet,
  COLLECT { MATCH (d:ReminderDue {key: $dueKey}) WHERE d.practice = $practice RETURN [k IN $due | d[k]] } AS dues,
  COLLECT { MATCH (r:ReminderRule {practice: $practice}) RETURN [k IN $rule | r[k]] } AS rules,
  COLLECT {
    MATCH (a:Appointment {id: $appointmentId})
    WHERE a.practice = $practice
    MATCH (l:Location {id: a.locationId})
    WHERE l.practice = $practice
    RETURN [[k IN $appointment | a[k]], [k IN $location | l[k]]]
  } AS appointments,
  COLLECT {
    MATCH (d:ReminderDelivery {appointmentId: $appointmentId})
    WHERE d.practice = $practice
    RETURN [k IN $delivery | d[k]]
  } AS deliveries
