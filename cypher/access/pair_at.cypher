// purpose: what decided at a moment in the past whether a person could act for a client: practice, client, edge, account
// params: practice: STRING, personId: STRING, clientId: STRING, accountKey: STRING, at: STRING, settings: LIST<STRING>, client: LIST<STRING>, death: LIST<STRING>, edge: LIST<STRING>, account: LIST<STRING>
// returns: timeZone, settings, client, clientDeath, edge, account
// access: read
// of each at most one: what is now, if it was so then, or what has been superseded since
// the edge: [facts, the contact's death]; a contact's id only where it was superseded
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
  COLLECT {
    MATCH (c:Person {id: $clientId})
    WHERE c.practice = $practice AND coalesce(c.accessSince, c.updatedAt) <= $at
    RETURN [k IN $client | c[k]] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'client' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [k IN $client | f[k]] AS facts
  } AS client,
  COLLECT {
    MATCH (d:Person {id: $clientId})
    WHERE d.practice = $practice AND d.deceasedSince <= $at
    RETURN [k IN $death | d[k]] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $clientId})
    WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [k IN $death | f[k]] AS facts
  } AS clientDeath,
  COLLECT {
    MATCH (c:Person {id: $clientId})-[r:HAS_CONTACT|HAD_CONTACT]->(p:Person {id: $personId})
    WHERE r.practice = $practice AND coalesce(r.validFrom, r.updatedAt) <= $at AND (r.validTo IS NULL OR r.validTo > $at)
    RETURN [
      [k IN $edge | r[k]],
      CASE WHEN p.deceasedSince <= $at THEN [[k IN $death | p[k]]] ELSE [] END + COLLECT {
        MATCH (f:AccessFact {subject: p.id})
        WHERE f.kind = 'person' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
        RETURN [k IN $death | f[k]] AS facts
      }
    ] AS facts
  } AS edge,
  COLLECT {
    MATCH (a:Account {key: $accountKey})
    WHERE a.practice = $practice AND a.since <= $at
    RETURN [k IN $account | a[k]] AS facts
  } + COLLECT {
    MATCH (f:AccessFact {subject: $personId})
    WHERE f.kind = 'account' AND f.practice = $practice AND f.validFrom <= $at AND f.validTo > $at
    RETURN [k IN $account | f[k]] AS facts
  } AS account
