// purpose: drop sessions past their time; their expiry never moves
// params: practice: STRING, ids: LIST<STRING>
// returns: swept
// access: write
UNWIND $ids AS id
MATCH (s:Session {id: id})
WHERE s.practice = $practice
DETACH DELETE s
RETURN count(*) AS swept
