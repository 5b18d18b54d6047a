// purpose: reminders that were to be sent between two moments, by their keys
// params: practice: STRING, above: STRING, below: STRING, limit: INTEGER
// returns: key
// access: read
MATCH (d:ReminderDelivery)
WHERE d.sweepKey > $above AND d.sweepKey < $below AND d.practice IN [$practice]
RETURN d.key AS key
LIMIT $limit
