// purpose: all appointments of a practice to come are to be planned by its rules; from the first on, where that was under way
// params: practice: STRING, at: STRING
// returns: practice
// access: write
MERGE (p:ReminderPlanning {practice: $practice})
SET p.lookAt = $at, p.after = null, p.passes = 2
RETURN p.practice AS practice
