// purpose: when practitioners can be booked: their weekly hours, and the exceptions of some days
// params: practice: STRING, practitionerIds: LIST<STRING>, dayKeys: LIST<STRING>, rule: LIST<STRING>, exception: LIST<STRING>
// returns: rules, exceptions
// access: read
// an exception's key is practice, practitioner and day: equality and no range, so that one statement asks for many
MATCH (n:Practice {id: $practice})
RETURN
  COLLECT {
    UNWIND $practitionerIds AS practitionerId
    MATCH (r:OpeningRule {practitionerId: practitionerId})
    WHERE r.practice = $practice
    RETURN [k IN $rule | r[k]] AS record
  } AS rules,
  COLLECT {
    UNWIND $dayKeys AS dayKey
    MATCH (e:OpeningException {dayKey: dayKey})
    WHERE e.practice = $practice
    RETURN [k IN $exception | e[k]] AS record
  } AS exceptions
