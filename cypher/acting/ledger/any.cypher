// purpose: whether anything was ever charged in the practice; the practice must be locked
// params: practice: STRING, above: STRING, below: STRING
// returns: key
// access: read
MATCH (c:Charge)
WHERE c.clientKey > $above AND c.clientKey < $below AND c.practice IN [$practice]
RETURN c.clientKey AS key
ORDER BY c.clientKey
LIMIT 1
