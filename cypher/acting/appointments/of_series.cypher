// purpose: the appointments of a series
// params: practice: STRING, seriesId: STRING, appointment: LIST<STRING>
// returns: appointment
// access: read
MATCH (a:Appointment {seriesId: $seriesId})
WHERE a.practice = $practice
RETURN [k IN $appointment | a[k]] AS appointment
