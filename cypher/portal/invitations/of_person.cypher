// purpose: a person's <<which>>, of every client
// params: practice: STRING, personId: STRING, invitation: LIST<STRING>
// returns: invitation
// access: read
// variants: pending_of_person, locked_of_person
//   pending_of_person: which = pending invitations
//   pending_of_person: status = PENDING
//   locked_of_person: which = invitations that wrong answers locked
//   locked_of_person: status = LOCKED
MATCH (p:Person {id: $personId})-[:HAS_INVITATION]->(i:Invitation)
WHERE p.practice = $practice AND i.practice = $practice AND i.status = '<<status>>'
RETURN [k IN $invitation | i[k]] AS invitation
