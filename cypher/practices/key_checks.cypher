// purpose: by what the data know the keys
// params:
// returns: name, value
// access: read
MATCH (k:KeyCheck)
RETURN k.name AS name, k.value AS value
