// purpose: a practice's audit events by time
// params:
// returns:
// access: write
CREATE INDEX audit_event_time IF NOT EXISTS FOR (e:AuditEvent) ON (e.timeKey)
