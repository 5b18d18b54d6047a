// purpose: a practice's appointments are planned by one worker at a time
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_planning_practice IF NOT EXISTS FOR (p:ReminderPlanning) REQUIRE p.practice IS UNIQUE
