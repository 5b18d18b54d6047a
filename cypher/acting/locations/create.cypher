// purpose: a new location
// params: practice: STRING, location: MAP
// returns: id
// access: write
CREATE (l:Location)
SET l = $location, l.practice = $practice
RETURN l.id AS id
