// purpose: from now on, when a practice's messages wait; the practice must be locked
// params: practice: STRING, quiet: MAP
// returns: id
// access: write
MATCH (n:Practice {id: $practice})
SET n += $quiet
RETURN n.id AS id
