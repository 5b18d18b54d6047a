// purpose: practices made before there were settings had everything on, at the usual age of majority (D5, D13)
// params:
// returns:
// access: write
MATCH (p:Practice)
WHERE p.features IS NULL
SET p.features = ['MESSAGING', 'PAYMENTS', 'PORTAL', 'REMINDERS', 'SCHEDULING'], p.ageOfMajority = 18, p.settingsSince = p.createdAt
