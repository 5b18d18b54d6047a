// purpose: one person has one set of preferences
// params:
// returns:
// access: write
CREATE CONSTRAINT reminder_preferences_person IF NOT EXISTS FOR (n:ReminderPreferences) REQUIRE n.personId IS UNIQUE
