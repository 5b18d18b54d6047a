// purpose: which texts that a gateway has taken are reminders that were sent
// params: practice: STRING, keys: LIST<STRING>
// returns: key
// access: read
UNWIND $keys AS key
MATCH (d:ReminderDelivery {gatewayKey: key})
WHERE d.practice = $practice
RETURN key
