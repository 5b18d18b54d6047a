// purpose: the account that an address opens
// params: practice: STRING, addressKey: STRING, account: LIST<STRING>
// returns: account
// access: read
MATCH (a:Account {addressKey: $addressKey})
WHERE a.practice = $practice
RETURN [k IN $account | a[k]] AS account
