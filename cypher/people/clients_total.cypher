// purpose: how many clients there are; only when asked
// params: practice: STRING, prefix: STRING, statuses: LIST<STRING>
// returns: total
// access: read
MATCH (p:Person)
WHERE p.clientKey STARTS WITH $prefix AND p.practice = $practice AND p.clientStatus IN $statuses
RETURN count(p) AS total
