// purpose: drop a person's search words, before they are made anew
// params: practice: STRING, id: STRING
// returns:
// access: write
MATCH (p:Person {id: $id})-[:HAS_NAME]->(n:NameKey)
WHERE p.practice = $practice
DETACH DELETE n
