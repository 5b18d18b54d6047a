// purpose: a practice's settings
// params: practice: STRING
// returns: features, ageOfMajority, settingsSince
// access: read
MATCH (p:Practice {id: $practice})
RETURN p.features AS features, p.ageOfMajority AS ageOfMajority, p.settingsSince AS settingsSince
