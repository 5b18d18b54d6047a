// purpose: what somebody wants of reminders from now on; they must be locked
// params: practice: STRING, personId: STRING, preferences: MAP
// returns: personId
// access: write
MERGE (n:ReminderPreferences {personId: $personId})
SET n = $preferences, n.personId = $personId, n.practice = $practice
RETURN n.personId AS personId
