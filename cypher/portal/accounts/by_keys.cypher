// purpose: accounts of people, by practice and person
// params: practice: STRING, keys: LIST<STRING>, account: LIST<STRING>
// returns: account
// access: read
UNWIND $keys AS key
MATCH (a:Account {key: key})
WHERE a.practice = $practice
RETURN [k IN $account | a[k]] AS account
