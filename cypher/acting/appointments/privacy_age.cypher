// purpose: the age from which a client may hide an appointment from contacts (A10); null if the practice has set none
// params: practice: STRING
// returns: age
// access: read
MATCH (n:Practice {id: $practice})
RETURN n.messagePrivacyAge AS age
