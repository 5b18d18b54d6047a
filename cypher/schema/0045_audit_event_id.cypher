// purpose: an audit event's id names one event
// params:
// returns:
// access: write
CREATE CONSTRAINT audit_event_id IF NOT EXISTS FOR (e:AuditEvent) REQUIRE e.id IS UNIQUE
