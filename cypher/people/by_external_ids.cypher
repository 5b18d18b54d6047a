// purpose: whom external ids name
// params: practice: STRING, keys: LIST<STRING>, person: LIST<STRING>
// returns: key, person
// access: read
UNWIND $keys AS key
MATCH (e:ExternalId {key: key})-[:IDENTIFIES]->(p:Person)
WHERE p.practice = $practice
RETURN key, [k IN $person | p[k]] AS person
