// purpose: what decides whether a person may act for a client, as it is now: practice, client, edge, account (D5)
// params: practice: STRING, personId: STRING, clientId: STRING, accountKey: STRING, edge: LIST<STRING>
// returns: timeZone, settings, client, edge, account
// access: read
// names that stand here are those of access/graph/names.py, in its order; asking for all by parameters takes 3 % longer
// each with since when it is so, people's deaths with their last change; the client's with the network's too, so that an edge that is gone is known of
MATCH (n:Practice {id: $practice})
RETURN n.timeZone AS timeZone, [n.features, n.ageOfMajority, n.settingsSince] AS settings,
  COLLECT {
    MATCH (c:Person {id: $clientId})
    WHERE c.practice = $practice
    RETURN [
      c.clientStatus, c.birthDate, c.featuresOff, c.confidentialEmail, c.deceasedOn, c.deceasedRecordedAt,
      c.accessSince, c.updatedAt, c.networkSince
    ] AS facts
  } AS client,
  COLLECT {
    MATCH (c:Person {id: $clientId})-[r:HAS_CONTACT]->(p:Person {id: $personId})
    WHERE r.practice = $practice
    RETURN [[k IN $edge | r[k]], [p.deceasedOn, p.deceasedRecordedAt, p.updatedAt]] AS facts
  } AS edge,
  COLLECT {
    MATCH (a:Account {key: $accountKey})
    WHERE a.practice = $practice
    RETURN [a.status, a.address, a.since] AS facts
  } AS account
