// purpose: how far the mail of an invitation has come; the mail must be locked, and still be the invitation's
// params: practice: STRING, key: STRING, delivery: MAP
// returns: id
// access: write
MATCH (i:Invitation {key: $key})
WHERE i.practice = $practice
SET i += $delivery
RETURN i.id AS id
