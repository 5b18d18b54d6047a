// purpose: who is invited at an address is found
// params:
// returns:
// access: write
CREATE INDEX invitation_address IF NOT EXISTS FOR (i:Invitation) ON (i.addressKey)
