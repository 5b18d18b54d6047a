// purpose: everybody who might act for a client now, and what decides it: the client, and each contact with access or reminders
// params: practice: STRING, clientId: STRING, settings: LIST<STRING>, account: LIST<STRING>, person: LIST<STRING>, contact: LIST<STRING>
// returns: timeZone, settings, networkSince, client, account, edges
// access: read
// an edge: [contact, person, accounts]; networkSince: since when the network is so
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
MATCH (n:Practice {id: $practice})
RETURN n.timeZone AS timeZone, [k IN $settings | n[k]] AS settings, c.networkSince AS networkSince,
  [k IN $person | c[k]] AS client,
  [(c)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | [k IN $account | a[k]]] AS account,
  COLLECT {
    MATCH (c)-[r:HAS_CONTACT]->(p:Person)
    WHERE r.practice = $practice AND (r.portalAccess OR r.appointmentReminders)
    RETURN [
      [k IN $contact | r[k]],
      [k IN $person | p[k]],
      [(p)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | [k IN $account | a[k]]]
    ] AS edge
  } AS edges
