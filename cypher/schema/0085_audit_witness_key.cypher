// purpose: one note of the newest checkpoint for each practice and sealing key
// params:
// returns:
// access: write
CREATE CONSTRAINT audit_witness_key IF NOT EXISTS FOR (w:AuditWitness) REQUIRE w.key IS UNIQUE
