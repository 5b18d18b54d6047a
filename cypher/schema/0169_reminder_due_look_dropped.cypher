// purpose: nothing is found by a time that many share
// params:
// returns:
// access: write
DROP INDEX reminder_due_look IF EXISTS
