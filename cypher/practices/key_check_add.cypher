// purpose: know a key from now on; the constraint refuses a second one of a name
// params: key: STRING, value: STRING
// returns: value
// access: lock
CREATE (k:KeyCheck {name: $key, value: $value})
RETURN k.value AS value
