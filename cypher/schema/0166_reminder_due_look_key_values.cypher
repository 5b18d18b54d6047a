// purpose: what is to be looked at has a key of its own, because many are looked at in the same second
// params:
// returns:
// access: write
// the embedded engine's compaction leaves entries in an index whose keys hundreds of records share
MATCH (d:ReminderDue)
WHERE d.lookKey IS NULL
CALL (d) {
  SET d.lookKey = d.lookAt + '|' + d.key
} IN TRANSACTIONS OF 1000 ROWS
