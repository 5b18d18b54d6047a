// purpose: everybody who might act for a client now, and what decides it: the client, and each contact with access or reminders
// params: practice: STRING, clientId: STRING, person: LIST<STRING>, contact: LIST<STRING>
// returns: practice, stamps, client, account, edges
// access: read
// an edge: [contact, person, accounts]; stamps: since when settings and network are so
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
MATCH (n:Practice {id: $practice})
RETURN [n.timeZone, n.features, n.ageOfMajority] AS practice, [n.settingsSince, c.networkSince] AS stamps,
  [k IN $person | c[k]] AS client,
  [(c)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | [a.status, a.address, a.since]] AS account,
  COLLECT {
    MATCH (c)-[r:HAS_CONTACT]->(p:Person)
    WHERE r.practice = $practice AND (r.portalAccess OR r.appointmentReminders)
    RETURN [
      [k IN $contact | r[k]],
      [k IN $person | p[k]],
      [(p)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | [a.status, a.address, a.since]]
    ] AS edge
  } AS edges
