// purpose: which of some moments are claimed, and by which appointments; and appointments of a client on some days that may hold their time
// params: practice: STRING, keys: LIST<STRING>, clientDays: LIST<STRING>, statuses: LIST<STRING>, appointment: LIST<STRING>
// returns: claimed, appointments, ofClient
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
  } AS appointments,
  COLLECT {
    UNWIND $clientDays AS dayKey
    MATCH (a:Appointment {clientDayKey: dayKey})
    WHERE a.practice = $practice AND a.status IN $statuses
    RETURN [k IN $appointment | a[k]] AS record
  } AS ofClient
