// purpose: pending invitations of a client's contacts
// params: practice: STRING, clientId: STRING, invitation: LIST<STRING>
// returns: invitation
// access: read
MATCH (c:Person {id: $clientId})-[:HAS_CONTACT]->(:Person)-[:HAS_INVITATION]->(i:Invitation)
WHERE c.practice = $practice AND i.practice = $practice AND i.clientId = $clientId AND i.status = 'PENDING'
RETURN [k IN $invitation | i[k]] AS invitation
