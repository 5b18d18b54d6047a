// purpose: from now on, what the practice has set about secure messages; the practice must be locked
// params: practice: STRING, settings: MAP
// returns: id
// access: write
MATCH (n:Practice {id: $practice})
SET n += $settings
RETURN n.id AS id
