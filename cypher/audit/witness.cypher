// purpose: what the database was told of the newest checkpoint outside of it
// params: practice: STRING, key: STRING
// returns: number, digest, signature
// access: read
MATCH (w:AuditWitness {key: $key})
WHERE w.practice = $practice
RETURN w.number AS number, w.digest AS digest, w.signature AS signature
