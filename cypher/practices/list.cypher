// purpose: every practice, by slug; for the command line
// params: limit: INTEGER
// returns: practice
// access: read
MATCH (p:Practice)
RETURN p{.*} AS practice
ORDER BY p.slug
LIMIT $limit
