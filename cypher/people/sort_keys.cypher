// purpose: where a cursor's person stands in the order
// params: practice: STRING, id: STRING
// returns: sortKey, clientKey
// access: read
MATCH (p:Person {id: $id})
WHERE p.practice = $practice
RETURN p.sortKey AS sortKey, p.clientKey AS clientKey
