// purpose: some appointments long past whose claimed moments are still kept
// params: practice: STRING, above: STRING, below: STRING, limit: INTEGER
// returns: id
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (a:Appointment)
WHERE a.sweepKey > $above AND a.sweepKey < $below AND a.practice IN [$practice]
RETURN a.id AS id
ORDER BY a.sweepKey
LIMIT $limit
