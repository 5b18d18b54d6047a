// purpose: the invitation that a token opens
// params: practice: STRING, tokenKey: STRING, invitation: LIST<STRING>
// returns: invitation
// access: read
MATCH (i:Invitation {tokenKey: $tokenKey})
WHERE i.practice = $practice
RETURN [k IN $invitation | i[k]] AS invitation
