// purpose: a page of clients in their order, forwards
// params: practice: STRING, after: STRING, before: STRING, statuses: LIST<STRING>, limit: INTEGER
// returns: person
// access: read
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice = $practice AND p.clientStatus IN $statuses
RETURN p{.*} AS person
ORDER BY p.clientKey
LIMIT $limit
