// purpose: a practice's locations, in no order
// params: practice: STRING, limit: INTEGER, location: LIST<STRING>
// returns: location
// access: read
MATCH (l:Location {practice: $practice})
RETURN [k IN $location | l[k]] AS location
LIMIT $limit
