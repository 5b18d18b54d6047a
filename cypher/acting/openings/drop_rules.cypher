// purpose: take away a practitioner's weekly hours, who must be locked
// params: practice: STRING, practitionerId: STRING
// returns: dropped
// access: write
MATCH (r:OpeningRule {practitionerId: $practitionerId})
WHERE r.practice = $practice
DELETE r
RETURN count(*) AS dropped
