// purpose: take the lock of the practice's own chain, and see where it ends
// params: practice: STRING, stamp: STRING
// returns: ids, heads, stamps
// access: lock
MATCH (p:Practice {id: $practice})
SET p.lock = $stamp
WITH p
RETURN [p.id] AS ids, [[p.auditCount, p.auditHead, p.auditAt]] AS heads, [[p.settingsSince, p.auditAt]] AS stamps
