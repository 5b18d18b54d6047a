// purpose: what an appointment of a type needs: the client, the type, and the practitioners and locations that it names
// params: practice: STRING, clientId: STRING, typeId: STRING, client: LIST<STRING>, type: LIST<STRING>, practitioner: LIST<STRING>, location: LIST<STRING>
// returns: client, type, practitioners, locations
// access: read
MATCH (n:Practice {id: $practice})
RETURN
  COLLECT {
    MATCH (c:Person {id: $clientId})
    WHERE c.practice = $practice
    RETURN [k IN $client | c[k]] AS record
  } AS client,
  COLLECT {
    MATCH (t:AppointmentType {id: $typeId})
    WHERE t.practice = $practice
    RETURN [k IN $type | t[k]] AS record
  } AS type,
  COLLECT {
    MATCH (t:AppointmentType {id: $typeId})
    WHERE t.practice = $practice
    UNWIND t.practitionerIds AS practitionerId
    MATCH (p:Practitioner {id: practitionerId})
    WHERE p.practice = $practice
    RETURN [k IN $practitioner | p[k]] AS record
  } AS practitioners,
  COLLECT {
    MATCH (t:AppointmentType {id: $typeId})
    WHERE t.practice = $practice
    UNWIND t.locationIds AS locationId
    MATCH (l:Location {id: locationId})
    WHERE l.practice = $practice
    RETURN [k IN $location | l[k]] AS record
  } AS locations
