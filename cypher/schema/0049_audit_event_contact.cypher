// purpose: audit events by contact, then by time
// params:
// returns:
// access: write
CREATE INDEX audit_event_contact IF NOT EXISTS FOR (e:AuditEvent) ON (e.contactKey)
