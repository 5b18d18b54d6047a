// purpose: a practice's appointments are planned, unless the rules were changed meanwhile
// params: practice: STRING, held: STRING
// returns: ended
// access: write
MATCH (p:ReminderPlanning {practice: $practice})
WHERE p.lookAt = $held
DELETE p
RETURN count(*) AS ended
