// purpose: a practitioner's weekly hours are found together
// params:
// returns:
// access: write
CREATE INDEX opening_rule_practitioner IF NOT EXISTS FOR (r:OpeningRule) ON (r.practitionerId)
