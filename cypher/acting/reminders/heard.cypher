// purpose: which texts of an address's owner were heard; it must be locked
// params: practice: STRING, key: STRING, heard: LIST<STRING>
// returns: key
// access: write
MATCH (a:ReminderAddress {key: $key})
WHERE a.practice = $practice
SET a.heard = $heard
RETURN a.key AS key
