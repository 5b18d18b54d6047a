// purpose: some threads of any practice whose keys a message master wraps, without those that can't be unwrapped; for rewrapping, which takes them out of the next page
// params: master: STRING, without: LIST<STRING>, size: INTEGER
// returns: practice, id, wrappedKey
// access: read
MATCH (t:Thread {wrappedWith: $master})
WHERE NOT t.id IN $without
RETURN t.practice AS practice, t.id AS id, t.wrappedKey AS wrappedKey
LIMIT $size
