// purpose: what decides whether a person may act for a client, as it is now: practice, client, edge, account (D5)
// params: practice: STRING, personId: STRING, clientId: STRING, accountKey: STRING
// returns: practice, settingsSince, client, edge, account
// access: read
// each with since when it is so, people's deaths with their last change; the client's with the network's too, so that an edge that is gone is known of
MATCH (n:Practice {id: $practice})
RETURN [n.timeZone, n.features, n.ageOfMajority] AS practice, n.settingsSince AS settingsSince,
  COLLECT {
    MATCH (c:Person {id: $clientId})
    WHERE c.practice = $practice
    RETURN [
      c.clientStatus, c.birthDate, c.featuresOff, c.confidentialEmail, c.deceasedOn, c.deceasedRecordedAt,
      c.accessSince, c.networkSince, c.updatedAt
    ] AS facts
  } AS client,
  COLLECT {
    MATCH (c:Person {id: $clientId})-[r:HAS_CONTACT]->(p:Person {id: $personId})
    WHERE r.practice = $practice
    RETURN [
      r.id, r.relationship, r.portalAccess, r.secureMessaging, r.payments, r.appointmentReminders, r.startsOn, r.endsOn,
      r.authorityKind, r.authorityEndsOn, r.adultConsentAt, r.authorityRecordedAt, p.deceasedOn, p.deceasedRecordedAt,
      r.updatedAt, p.updatedAt
    ] AS facts
  } AS edge,
  COLLECT {
    MATCH (a:Account {key: $accountKey})
    WHERE a.practice = $practice
    RETURN [a.status, a.address, a.since] AS facts
  } AS account
