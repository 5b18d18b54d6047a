// purpose: appointments that may hold their time, of some days: of practitioners, at exclusive locations, and of a client
// params: practice: STRING, practitionerDays: LIST<STRING>, placeDays: LIST<STRING>, clientDays: LIST<STRING>, statuses: LIST<STRING>, appointment: LIST<STRING>
// returns: appointments
// access: read
// a key is practice, calendar and day: equality and no range, so that one statement asks for many calendars
MATCH (n:Practice {id: $practice})
WITH n,
  COLLECT {
    UNWIND $practitionerDays AS dayKey
    MATCH (a:Appointment {dayKey: dayKey})
    WHERE a.practice = $practice AND a.status IN $statuses
    RETURN [k IN $appointment | a[k]] AS record
  } AS ofPractitioners,
  COLLECT {
    UNWIND $placeDays AS dayKey
    MATCH (a:Appointment {placeDayKey: dayKey})
    WHERE a.practice = $practice AND a.status IN $statuses
    RETURN [k IN $appointment | a[k]] AS record
  } AS ofPlaces,
  COLLECT {
    UNWIND $clientDays AS dayKey
    MATCH (a:Appointment {clientDayKey: dayKey})
    WHERE a.practice = $practice AND a.status IN $statuses
    RETURN [k IN $appointment | a[k]] AS record
  } AS ofClient
RETURN ofPractitioners + ofPlaces + ofClient AS appointments
