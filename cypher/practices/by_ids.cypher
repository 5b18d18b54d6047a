// purpose: practices by id
// params: ids: LIST<STRING>
// returns: practice
// access: read
UNWIND $ids AS id
MATCH (p:Practice {id: id})
RETURN p{.*} AS practice
