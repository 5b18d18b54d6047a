// purpose: what the practice has set about secure messages
// params: practice: STRING, settings: LIST<STRING>
// returns: settings
// access: read
MATCH (n:Practice {id: $practice})
RETURN [k IN $settings | n[k]] AS settings
