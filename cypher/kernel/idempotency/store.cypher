// purpose: what succeeded under a key
// params: practice: STRING, key: STRING, inputHash: STRING, entityId: STRING, warnings: STRING, expiresAt: STRING, expiryKey: STRING
// returns: key
// access: note
MATCH (k:IdempotencyKey {key: $key})
WHERE k.practice = $practice
SET k.inputHash = $inputHash, k.entityId = $entityId, k.warnings = $warnings, k.expiresAt = $expiresAt, k.expiryKey = $expiryKey
RETURN k.key AS key
