// purpose: take the locks of locations, in the order given, and read them under the locks
// params: practice: STRING, ids: LIST<STRING>, stamp: STRING, location: LIST<STRING>
// returns: location
// access: lock
UNWIND $ids AS id
MATCH (l:Location {id: id})
WHERE l.practice = $practice
SET l.lock = $stamp
WITH l
RETURN [k IN $location | l[k]] AS location
