// purpose: whom an address is invited as
// params: practice: STRING, addressKey: STRING, now: STRING
// returns: personId
// access: read
MATCH (i:Invitation {addressKey: $addressKey})
WHERE i.practice = $practice AND i.expiresAt > $now
RETURN i.personId AS personId
