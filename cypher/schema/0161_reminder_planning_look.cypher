// purpose: practices whose appointments are to be planned are found
// params:
// returns:
// access: write
CREATE INDEX reminder_planning_look IF NOT EXISTS FOR (p:ReminderPlanning) ON (p.lookAt)
