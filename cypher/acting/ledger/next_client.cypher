// purpose: the next client of the practice for whom anything was ever charged; for checking one after the other
// params: practice: STRING, above: STRING, below: STRING
// returns: clientId
// access: read
MATCH (c:Charge)
WHERE c.clientKey > $above AND c.clientKey < $below AND c.practice IN [$practice]
RETURN c.clientId AS clientId
ORDER BY c.clientKey
LIMIT 1
