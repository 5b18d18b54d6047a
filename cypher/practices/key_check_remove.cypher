// purpose: know a key no longer, as it was dropped
// params: key: STRING
// returns: removed
// access: lock
MATCH (k:KeyCheck {name: $key})
DELETE k
RETURN count(*) AS removed
