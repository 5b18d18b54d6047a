// purpose: everybody who might have acted for a client at a moment in the past, and what decided it
// params: practice: STRING, clientId: STRING, accountKey: STRING, at: STRING, settings: LIST<STRING>, client: LIST<STRING>, death: LIST<STRING>, edge: LIST<STRING>, account: LIST<STRING>, person: LIST<STRING>
// returns: timeZone, settings, person, client, clientDeath, account, edges
// access: read
// of settings, client and account at most one: what is now, if it was so then, or what has been superseded since
// an edge: [facts, person, accounts, the contact's death]
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
MATCH (n:Practice {id: $practice})
RETURN n.timeZone AS timeZone,
  COLLECT {
    MATCH (s:Practice {id: $practice})
    WHERE s.settingsSince <= $at
    RETURN [k IN $settings | s[k]] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $practice})
    WHERE f.kind = 'practice' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [k IN $settings | f[k]] AS facts
  } AS settings,
  [k IN $person | c[k]] AS person,
  COLLECT {
    MATCH (d:Person {id: $clientId})
    WHERE coalesce(d.accessSince, d.updatedAt) <= $at
    RETURN [k IN $client | d[k]] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'client' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [k IN $client | f[k]] AS facts
  } AS client,
  CASE WHEN c.deceasedSince <= $at THEN [[k IN $death | c[k]]] ELSE [] END + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [k IN $death | f[k]] AS facts
  } AS clientDeath,
  COLLECT {
    MATCH (a:Account {key: $accountKey})
    WHERE a.practice = $practice AND a.since <= $at
    RETURN [k IN $account | a[k]] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'account' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [k IN $account | f[k]] AS facts
  } AS account,
  COLLECT {
    MATCH (c)-[r:HAS_CONTACT|HAD_CONTACT]->(p:Person)
    WHERE r.practice = $practice AND (r.portalAccess OR r.appointmentReminders)
      AND coalesce(r.validFrom, r.updatedAt) <= $at AND (r.validTo IS NULL OR r.validTo > $at)
    RETURN [
      [k IN $edge | r[k]],
      [k IN $person | p[k]],
      COLLECT {
        MATCH (p)-[:HAS_ACCOUNT]->(a:Account)
        WHERE a.practice = $practice AND a.since <= $at
        RETURN [k IN $account | a[k]] AS account
      } + COLLECT {
        MATCH (f:AccessFact {subject: p.id})
        WHERE f.kind = 'account' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
        RETURN [k IN $account | f[k]] AS account
      },
      CASE WHEN p.deceasedSince <= $at THEN [[k IN $death | p[k]]] ELSE [] END + COLLECT {
        MATCH (f:AccessFact {subject: p.id})
        WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
        RETURN [k IN $death | f[k]] AS facts
      }
    ] AS edge
  } AS edges
