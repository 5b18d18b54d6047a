// purpose: invitations of contacts, by practice and contact
// params: practice: STRING, keys: LIST<STRING>, invitation: LIST<STRING>
// returns: invitation
// access: read
UNWIND $keys AS key
MATCH (i:Invitation {key: key})
WHERE i.practice = $practice
RETURN [k IN $invitation | i[k]] AS invitation
