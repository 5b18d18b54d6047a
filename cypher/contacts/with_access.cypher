// purpose: edges of a client with any toggle on (D7)
// params: practice: STRING, clientId: STRING, limit: INTEGER
// returns: contact
// access: read
MATCH (c:Person {id: $clientId})-[r:HAS_CONTACT]->(p:Person)
WHERE r.practice = $practice AND c.practice = $practice AND (r.portalAccess OR r.secureMessaging OR r.payments OR r.appointmentReminders)
RETURN r{.*, client: c{.*}, person: p{.*}} AS contact
ORDER BY p.sortKey
LIMIT $limit
