// purpose: the last entry of a client's ledger before a moment
// params: practice: STRING, above: STRING, below: STRING, entry: LIST<STRING>
// returns: entry
// access: read
MATCH (e:LedgerEntry)
WHERE e.timeKey > $above AND e.timeKey < $below AND e.practice IN [$practice]
RETURN [k IN $entry | e[k]] AS entry
ORDER BY e.timeKey DESC
LIMIT 1
