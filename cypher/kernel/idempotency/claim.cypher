// purpose: take a key's lock and see what was stored under it
// params: practice: STRING, key: STRING, stamp: STRING
// returns: inputHash, entityId, warnings, expiresAt
// access: lock
MERGE (k:IdempotencyKey {key: $key})
SET k.practice = $practice, k.lock = $stamp
RETURN k.inputHash AS inputHash, k.entityId AS entityId, k.warnings AS warnings, k.expiresAt AS expiresAt
