// purpose: people of every practice in whose sort key a pattern is found, by id, some at a time
// params: after: STRING, pattern: STRING, size: INTEGER
// returns: id, version, givenName, familyName
// access: read
// for a migration; it looks at everybody
MATCH (p:Person)
WHERE p.id > $after AND p.sortKey =~ $pattern
RETURN p.id AS id, p.version AS version, p.givenName AS givenName, p.familyName AS familyName
ORDER BY p.id
LIMIT $size
