// purpose: a practice, unless its slug is taken
// params: practice: MAP
// returns: slug
// access: write
CREATE (p:Practice)
SET p = $practice
RETURN p.slug AS slug
