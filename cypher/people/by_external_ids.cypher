// purpose: whom external ids name, with what tells an import whether a row is the same person
// params: practice: STRING, keys: LIST<STRING>, person: LIST<STRING>
// returns: key, mark, person
// access: read
UNWIND $keys AS key
MATCH (e:ExternalId {key: key})-[:IDENTIFIES]->(p:Person)
WHERE p.practice = $practice
RETURN key, e.mark AS mark, [k IN $person | p[k]] AS person
