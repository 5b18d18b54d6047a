// purpose: since when an address is not to be written to; null takes that back; it must be locked
// params: practice: STRING, key: STRING, at: STRING|NULL
// returns: key
// access: write
MATCH (a:ReminderAddress {key: $key})
WHERE a.practice = $practice
SET a.optedOutAt = $at
RETURN a.key AS key
