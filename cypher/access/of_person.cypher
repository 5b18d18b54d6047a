// purpose: every client a person might act for now, and what decides it: themselves, and those whose contact they are with access or reminders
// params: practice: STRING, personId: STRING, settings: LIST<STRING>, account: LIST<STRING>, person: LIST<STRING>, contact: LIST<STRING>
// returns: timeZone, settings, person, account, edges
// access: read
// an edge: [contact, client]
MATCH (p:Person {id: $personId})
WHERE p.practice = $practice
MATCH (n:Practice {id: $practice})
RETURN n.timeZone AS timeZone, [k IN $settings | n[k]] AS settings,
  [k IN $person | p[k]] AS person,
  [(p)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | [k IN $account | a[k]]] AS account,
  COLLECT {
    MATCH (c:Person)-[r:HAS_CONTACT]->(p)
    WHERE r.practice = $practice AND (r.portalAccess OR r.appointmentReminders)
    RETURN [[k IN $contact | r[k]], [k IN $person | c[k]]] AS edge
  } AS edges
