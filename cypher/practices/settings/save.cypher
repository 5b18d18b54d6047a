// purpose: a practice's settings from now on (D5, D13)
// params: practice: STRING, settings: MAP
// returns: id
// access: write
MATCH (p:Practice {id: $practice})
SET p += $settings
RETURN p.id AS id
