// purpose: which addresses are not to be written to any more
// params: practice: STRING, keys: LIST<STRING>
// returns: key
// access: read
UNWIND $keys AS key
MATCH (a:ReminderAddress {key: key})
WHERE a.practice = $practice AND a.optedOutAt IS NOT NULL
RETURN a.key AS key
