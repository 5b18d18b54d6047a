// purpose: a location as it is from now on; it must be locked
// params: practice: STRING, id: STRING, location: MAP
// returns: id
// access: write
MATCH (l:Location {id: $id})
WHERE l.practice = $practice
SET l = $location, l.practice = $practice
RETURN l.id AS id
