// purpose: how far the planning of a practice's appointments has come, unless the rules were changed meanwhile
// params: practice: STRING, held: STRING, after: STRING|NULL, lookAt: STRING, passes: INTEGER
// returns: practice
// access: write
MATCH (p:ReminderPlanning {practice: $practice})
WHERE p.lookAt = $held
SET p.after = $after, p.lookAt = $lookAt, p.passes = $passes
RETURN p.practice AS practice
