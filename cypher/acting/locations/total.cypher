// purpose: how many locations a practice has, those that are not active included
// params: practice: STRING
// returns: total
// access: read
MATCH (l:Location {practice: $practice})
RETURN count(l) AS total
