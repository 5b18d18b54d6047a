// purpose: tell the database of the newest checkpoint outside of it, so that each side witnesses the other
// params: practice: STRING, key: STRING, number: INTEGER, digest: STRING, signature: STRING
// returns: number
// access: lock
MERGE (w:AuditWitness {key: $key})
SET w.practice = $practice, w.number = $number, w.digest = $digest, w.signature = $signature
RETURN w.number AS number
