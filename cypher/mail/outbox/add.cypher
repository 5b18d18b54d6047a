// purpose: a mail to be sent; it takes the place of one that waits to tell the same
// params: practice: STRING, key: STRING, mail: MAP
// returns: id
// access: write
MERGE (m:OutboxMail {key: $key})
SET m = $mail, m.key = $key, m.practice = $practice
RETURN m.id AS id
