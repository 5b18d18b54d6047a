// purpose: a person's pending invitations, of every client
// params: practice: STRING, personId: STRING, invitation: LIST<STRING>
// returns: invitation
// access: read
MATCH (p:Person {id: $personId})-[:HAS_INVITATION]->(i:Invitation)
WHERE p.practice = $practice AND i.practice = $practice AND i.status = 'PENDING'
RETURN [k IN $invitation | i[k]] AS invitation
