// purpose: a practice holds these demo data whole
// params: practice: STRING, seed: STRING
// returns: seed
// access: write
MATCH (p:Practice {id: $practice})
SET p.seed = $seed
RETURN p.seed AS seed
