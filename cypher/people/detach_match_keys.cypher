// purpose: untie a person from match keys, before they are tied anew
// params: practice: STRING, id: STRING
// returns:
// access: write
MATCH (p:Person {id: $id})-[r:HAS_KEY]->(:MatchKey)
WHERE p.practice = $practice
DELETE r
