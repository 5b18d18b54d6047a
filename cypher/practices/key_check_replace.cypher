// purpose: know another key from now on
// params: key: STRING, value: STRING
// returns: value
// access: lock
MERGE (k:KeyCheck {name: $key})
SET k.value = $value
RETURN k.value AS value
