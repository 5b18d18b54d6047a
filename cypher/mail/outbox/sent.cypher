// purpose: forget a mail that was sent, or is not to be sent any more, unless another one took its place
// params: practice: STRING, key: STRING, lease: STRING
// returns: id
// access: write
MATCH (m:OutboxMail {key: $key})
WHERE m.practice = $practice
SET m.lock = $lease
WITH m
WHERE m.lease = $lease
WITH m, m.id AS id
DELETE m
RETURN id
