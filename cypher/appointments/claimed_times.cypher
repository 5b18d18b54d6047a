// purpose: which of some moments are claimed, and by which appointments
// params: practice: STRING, keys: LIST<STRING>, appointment: LIST<STRING>
// returns: claimed, appointments
// access: read
MATCH (n:Practice {id: $practice})
WITH n,
  COLLECT {
    UNWIND $keys AS key
    MATCH (b:BookedTime {key: key})
    WHERE b.practice = $practice
    RETURN [b.key, b.appointmentId] AS claim
  } AS claimed
RETURN claimed,
  COLLECT {
    UNWIND claimed AS claim
    WITH DISTINCT claim[1] AS id
    MATCH (a:Appointment {id: id})
    WHERE a.practice = $practice
    RETURN [k IN $appointment | a[k]] AS record
  } AS appointments
