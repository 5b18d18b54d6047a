// purpose: an account as it is from now on; the constraint refuses an address that opens another
// params: practice: STRING, key: STRING, account: MAP
// returns: id
// access: write
MATCH (a:Account {key: $key})
WHERE a.practice = $practice
SET a = $account, a.practice = $practice
RETURN a.id AS id
