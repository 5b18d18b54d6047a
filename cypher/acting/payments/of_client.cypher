// purpose: a page of the payments for a client that a reader sees, the newest first: all of them, or those of which something lies on charges that contacts see, and what the reader has paid
// params: practice: STRING, above: STRING, below: STRING, whole: BOOLEAN, own: STRING|NULL, size: INTEGER, payment: LIST<STRING>
// returns: payment
// access: read
MATCH (t:Payment)
WHERE t.clientKey > $above AND t.clientKey < $below AND t.practice IN [$practice]
  AND ($whole OR t.sharedPart = 'LAID' OR (t.sharedPart = 'LOOSE' AND coalesce(t.madeByPersonId, t.payerPersonId) = $own))
RETURN [k IN $payment | t[k]] AS payment
ORDER BY t.clientKey
LIMIT $size
