// purpose: the token of an invitation that is pending: it opens from now on, and no earlier one does
// params: practice: STRING, key: STRING, id: STRING, tokenKey: STRING, stamp: STRING
// returns: id
// access: write
MATCH (i:Invitation {key: $key})
WHERE i.practice = $practice
// it may be being accepted or revoked: wait for its lock, then look at it
SET i.lock = $stamp
WITH i
WHERE i.id = $id AND i.status = 'PENDING'
SET i.tokenKey = $tokenKey
RETURN i.id AS id
