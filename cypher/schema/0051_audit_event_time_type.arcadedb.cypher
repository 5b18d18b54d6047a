// purpose: the embedded engine pages events by this index only when it knows the key's type (keyset pages)
// params:
// returns:
// access: write
CREATE CONSTRAINT audit_event_time_type IF NOT EXISTS FOR (e:AuditEvent) REQUIRE e.timeKey IS :: STRING
