// purpose: take the lock of a practice's settings, and read them under it
// params: practice: STRING, stamp: STRING
// returns: features, ageOfMajority, settingsSince
// access: lock
MATCH (p:Practice {id: $practice})
SET p.lock = $stamp
RETURN p.features AS features, p.ageOfMajority AS ageOfMajority, p.settingsSince AS settingsSince
