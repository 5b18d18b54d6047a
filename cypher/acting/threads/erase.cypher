// purpose: destroy threads' wrapped keys, in the order given: nobody can read what they seal any more; those that were erased before stay as they are
// params: practice: STRING, ids: LIST<STRING>, at: STRING, stamp: STRING
// returns: id
// access: write
UNWIND $ids AS id
MATCH (t:Thread {id: id})
WHERE t.practice = $practice
// somebody may be rewrapping it: wait for its lock, then look at its key
SET t.lock = $stamp
WITH t
WHERE t.wrappedKey IS NOT NULL
SET t.erasedAt = $at
REMOVE t.wrappedKey, t.wrappedWith
RETURN t.id AS id
