// purpose: a page of clients, forwards; the index gives its order without being asked, and sorting would read it whole: the repository checks the order
// params: practice: STRING, after: STRING, before: STRING, statuses: LIST<STRING>, limit: INTEGER
// returns: person
// access: read
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice = $practice AND p.clientStatus IN $statuses
RETURN p{.*} AS person
LIMIT $limit
