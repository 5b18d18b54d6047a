// purpose: a text that the gateway had taken has not come, and is not to come
// params: practice: STRING, key: STRING, sent: STRING, failed: STRING, reason: STRING
// returns: key
// access: write
MATCH (d:ReminderDelivery {gatewayKey: $key})
WHERE d.practice = $practice AND d.status = $sent
SET d.status = $failed, d.reason = $reason
RETURN d.key AS key
