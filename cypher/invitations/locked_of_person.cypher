// purpose: a person's invitations that wrong answers locked, of every client
// params: practice: STRING, personId: STRING, invitation: LIST<STRING>
// returns: invitation
// access: read
MATCH (p:Person {id: $personId})-[:HAS_INVITATION]->(i:Invitation)
WHERE p.practice = $practice AND i.practice = $practice AND i.status = 'LOCKED'
RETURN [k IN $invitation | i[k]] AS invitation
