// purpose: drop external ids that a person no longer has
// params: practice: STRING, keys: LIST<STRING>
// returns:
// access: write
UNWIND $keys AS key
MATCH (e:ExternalId {key: key})
WHERE e.practice = $practice
DETACH DELETE e
