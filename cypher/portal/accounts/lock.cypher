// purpose: take an account's lock, after those of people, and read it under the lock
// params: practice: STRING, key: STRING, stamp: STRING, account: LIST<STRING>
// returns: account
// access: lock
MATCH (a:Account {key: $key})
WHERE a.practice = $practice
SET a.lock = $stamp
WITH a
RETURN [k IN $account | a[k]] AS account
