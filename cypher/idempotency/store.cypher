// purpose: what succeeded under a key
// params: practice: STRING, key: STRING, inputHash: STRING, entityId: STRING, expiresAt: STRING, expiryKey: STRING
// returns: key
// access: write
MATCH (k:IdempotencyKey {key: $key})
WHERE k.practice = $practice
SET k.inputHash = $inputHash, k.entityId = $entityId, k.expiresAt = $expiresAt, k.expiryKey = $expiryKey
RETURN k.key AS key
