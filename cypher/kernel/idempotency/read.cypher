// purpose: what was stored under a key, without its lock
// params: practice: STRING, key: STRING
// returns: inputHash, entityId, warnings, expiresAt
// access: read
MATCH (k:IdempotencyKey {key: $key})
WHERE k.practice = $practice
RETURN k.inputHash AS inputHash, k.entityId AS entityId, k.warnings AS warnings, k.expiresAt AS expiresAt
