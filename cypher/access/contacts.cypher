// purpose: what decides what contacts may do, as it is now, for several current edges by their ids
// params: practice: STRING, ids: LIST<STRING>
// returns: practice, settingsSince, rows
// access: read
// a row: [client, edge, accounts, since when they are so]
// no labels on the ends: with them the embedded engine scans people in place of the edges' index
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.id IN $ids AND r.practice = $practice
WITH collect([
  [c.clientStatus, c.birthDate, c.featuresOff, c.confidentialEmail, c.deceasedOn, c.deceasedRecordedAt],
  [
    r.id, r.relationship, r.portalAccess, r.secureMessaging, r.payments, r.appointmentReminders, r.startsOn, r.endsOn,
    r.authorityKind, r.authorityEndsOn, r.adultConsentAt, r.authorityRecordedAt, p.deceasedOn, p.deceasedRecordedAt
  ],
  [(p)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | [a.status, a.address, a.since]],
  [c.accessSince, c.updatedAt, r.updatedAt, p.updatedAt]
]) AS rows
MATCH (n:Practice {id: $practice})
RETURN [n.timeZone, n.features, n.ageOfMajority] AS practice, n.settingsSince AS settingsSince, rows
