// purpose: the practice a token names
// params: slug: STRING
// returns: practice
// access: read
MATCH (p:Practice {slug: $slug})
RETURN p{.*} AS practice
