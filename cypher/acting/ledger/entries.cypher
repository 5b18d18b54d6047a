// purpose: entries of a client's ledger in their order: ALL of them, those that change the WHOLE balance, or those that change the SHARED one
// params: practice: STRING, above: STRING, below: STRING, part: STRING, size: INTEGER, entry: LIST<STRING>
// returns: entry
// access: read
MATCH (e:LedgerEntry)
WHERE e.timeKey > $above AND e.timeKey < $below AND e.practice IN [$practice]
  AND CASE $part WHEN 'ALL' THEN 1 WHEN 'WHOLE' THEN e.amount ELSE e.shared END <> 0
RETURN [k IN $entry | e[k]] AS entry
ORDER BY e.timeKey
LIMIT $size
