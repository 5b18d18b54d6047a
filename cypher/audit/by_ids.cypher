// purpose: events by id
// params: practice: STRING, ids: LIST<STRING>, event: LIST<STRING>
// returns: event
// access: read
UNWIND $ids AS id
MATCH (e:AuditEvent {id: id})
WHERE e.practice = $practice
RETURN [k IN $event | e[k]] AS event
