// purpose: what decided at a moment in the past whether a person could act for a client: practice, client, edge, account
// params: practice: STRING, personId: STRING, clientId: STRING, accountKey: STRING, at: STRING
// returns: practice, settings, client, clientDeath, edge, account
// access: read
// of each at most one: what is now, if it was so then, or what has been superseded since
// the edge: [facts, contact's id where it was superseded, version, the contact's death]
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
  COLLECT {
    MATCH (c:Person {id: $clientId})
    WHERE c.practice = $practice AND coalesce(c.accessSince, c.updatedAt) <= $at
    RETURN [c.clientStatus, c.birthDate, c.featuresOff, c.confidentialEmail] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'client' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [f.clientStatus, f.birthDate, f.featuresOff, f.confidentialEmail] AS facts
  } AS client,
  COLLECT {
    MATCH (d:Person {id: $clientId})
    WHERE d.practice = $practice AND d.deceasedSince <= $at
    RETURN [d.deceasedOn, d.deceasedRecordedAt] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [f.deceasedOn, f.deceasedRecordedAt] AS facts
  } AS clientDeath,
  COLLECT {
    MATCH (c:Person {id: $clientId})-[r:HAS_CONTACT|HAD_CONTACT]->(p:Person {id: $personId})
    WHERE r.practice = $practice AND coalesce(r.validFrom, r.updatedAt) <= $at AND (r.validTo IS NULL OR r.validTo > $at)
    RETURN [
      [
        r.id, r.relationship, r.portalAccess, r.secureMessaging, r.payments, r.appointmentReminders, r.startsOn, r.endsOn,
        r.authorityKind, r.authorityEndsOn, r.adultConsentAt, r.authorityRecordedAt
      ],
      r.contactId,
      r.version,
      CASE WHEN p.deceasedSince <= $at THEN [[p.deceasedOn, p.deceasedRecordedAt]] ELSE [] END + COLLECT {
        MATCH (f:AccessFact {subject: p.id})
        WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
        RETURN [f.deceasedOn, f.deceasedRecordedAt] AS facts
      }
    ] AS facts
  } AS edge,
  COLLECT {
    MATCH (a:Account {key: $accountKey})
    WHERE a.practice = $practice AND a.since <= $at
    RETURN [a.status, a.address] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $personId})
    WHERE f.kind = 'account' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [f.status, f.address] AS facts
  } AS account
