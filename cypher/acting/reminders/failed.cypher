// purpose: how many reminders that were to be sent between two moments were taken by nobody
// params: practice: STRING, above: STRING, below: STRING, failed: STRING, reason: STRING
// returns: failed
// access: read
// IN and not =, which would make the embedded engine scan every reminder
MATCH (d:ReminderDelivery)
WHERE d.sweepKey > $above AND d.sweepKey < $below AND d.practice IN [$practice] AND d.status IN [$failed]
  AND d.reason IN [$reason]
RETURN count(d) AS failed
