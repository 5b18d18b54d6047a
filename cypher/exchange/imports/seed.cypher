// purpose: which demo data a practice holds whole
// params: practice: STRING
// returns: seed
// access: read
MATCH (p:Practice {id: $practice})
RETURN p.seed AS seed
