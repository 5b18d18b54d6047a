// purpose: a number within a chain names one event, so that a chain can't fork; chains are read in order
// params:
// returns:
// access: write
CREATE CONSTRAINT audit_event_key IF NOT EXISTS FOR (e:AuditEvent) REQUIRE e.key IS UNIQUE
