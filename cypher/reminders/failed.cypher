// purpose: how many reminders that were to be sent between two moments were taken by nobody
// params: practice: STRING, above: STRING, below: STRING, failed: STRING, reason: STRING
// returns: failed
// access: read
MATCH (d:ReminderDelivery)
WHERE d.sweepKey > $above AND d.sweepKey < $below AND d.practice IN [$practice] AND d.status = $failed
  AND d.reason = $reason
RETURN count(d) AS failed
