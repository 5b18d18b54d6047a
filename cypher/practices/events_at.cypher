// purpose: which of these places of events are taken
// params: keys: LIST<STRING>
// returns: key
// access: read
UNWIND $keys AS key
MATCH (e:AuditEvent {key: key})
RETURN e.key AS key
