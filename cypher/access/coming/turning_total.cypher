// purpose: how many clients were born from one day through another; only when asked
// params: practice: STRING, after: STRING, before: STRING
// returns: total
// access: read
MATCH (p:Person)
WHERE p.birthKey > $after AND p.birthKey < $before AND p.practice IN [$practice]
RETURN count(p) AS total
