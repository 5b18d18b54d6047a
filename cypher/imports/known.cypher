// purpose: whom external ids name, without their fields
// params: practice: STRING, keys: LIST<STRING>
// returns: key, id, clientStatus
// access: read
UNWIND $keys AS key
MATCH (e:ExternalId {key: key})-[:IDENTIFIES]->(p:Person)
WHERE p.practice = $practice
RETURN key, p.id AS id, p.clientStatus AS clientStatus
