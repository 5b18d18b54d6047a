// purpose: everybody who might have acted for a client at a moment in the past, and what decided it
// params: practice: STRING, clientId: STRING, accountKey: STRING, at: STRING, person: LIST<STRING>
// returns: practice, settings, person, client, clientDeath, account, edges
// access: read
// of settings, client and account at most one: what is now, if it was so then, or what has been superseded since
// an edge: [facts, contact's id, person, accounts, the contact's death]
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
MATCH (n:Practice {id: $practice})
RETURN [n.timeZone] AS practice,
  COLLECT {
    MATCH (s:Practice {id: $practice})
    WHERE s.settingsSince <= $at
    RETURN [s.features, s.ageOfMajority] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $practice})
    WHERE f.kind = 'practice' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [f.features, f.ageOfMajority] AS facts
  } AS settings,
  [k IN $person | c[k]] AS person,
  COLLECT {
    MATCH (d:Person {id: $clientId})
    WHERE coalesce(d.accessSince, d.updatedAt) <= $at
    RETURN [d.clientStatus, d.birthDate, d.featuresOff, d.confidentialEmail] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'client' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [f.clientStatus, f.birthDate, f.featuresOff, f.confidentialEmail] AS facts
  } AS client,
  CASE WHEN c.deceasedSince <= $at THEN [[c.deceasedOn, c.deceasedRecordedAt]] ELSE [] END + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [f.deceasedOn, f.deceasedRecordedAt] AS facts
  } AS clientDeath,
  COLLECT {
    MATCH (a:Account {key: $accountKey})
    WHERE a.practice = $practice AND a.since <= $at
    RETURN [a.status, a.address] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'account' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [f.status, f.address] AS facts
  } AS account,
  COLLECT {
    MATCH (c)-[r:HAS_CONTACT|HAD_CONTACT]->(p:Person)
    WHERE r.practice = $practice AND (r.portalAccess OR r.appointmentReminders)
      AND coalesce(r.validFrom, r.updatedAt) <= $at AND (r.validTo IS NULL OR r.validTo > $at)
    RETURN [
      [
        r.id, r.relationship, r.portalAccess, r.secureMessaging, r.payments, r.appointmentReminders, r.startsOn, r.endsOn,
        r.authorityKind, r.authorityEndsOn, r.adultConsentAt, r.authorityRecordedAt
      ],
      coalesce(r.contactId, r.id),
      [k IN $person | p[k]],
      COLLECT {
        MATCH (p)-[:HAS_ACCOUNT]->(a:Account)
        WHERE a.practice = $practice AND a.since <= $at
        RETURN [a.status, a.address] AS account
      } + COLLECT {
        MATCH (f:AccessFact {subject: p.id})
        WHERE f.kind = 'account' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
        RETURN [f.status, f.address] AS account
      },
      CASE WHEN p.deceasedSince <= $at THEN [[p.deceasedOn, p.deceasedRecordedAt]] ELSE [] END + COLLECT {
        MATCH (f:AccessFact {subject: p.id})
        WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
        RETURN [f.deceasedOn, f.deceasedRecordedAt] AS facts
      }
    ] AS edge
  } AS edges
