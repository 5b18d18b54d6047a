// purpose: audit events by who did it, then by time
// params:
// returns:
// access: write
CREATE INDEX audit_event_actor IF NOT EXISTS FOR (e:AuditEvent) ON (e.actorKey)
