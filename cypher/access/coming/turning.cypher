// purpose: clients in the order of their birth dates and names
// params: practice: STRING, after: STRING, before: STRING, person: LIST<STRING>, size: INTEGER
// returns: rows
// access: read
MATCH (p:Person)
WHERE p.birthKey > $after AND p.birthKey < $before AND p.practice IN [$practice]
RETURN [[k IN $person | p[k]]] AS rows
ORDER BY p.birthKey
LIMIT $size
