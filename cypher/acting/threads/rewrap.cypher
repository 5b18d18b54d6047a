// purpose: keep threads' keys wrapped anew, in the order given, where they are still wrapped as they were read
// params: practice: STRING, rows: LIST<MAP>, stamp: STRING
// returns: rewrapped
// access: write
UNWIND $rows AS row
MATCH (t:Thread {id: row.id})
WHERE t.practice = $practice
// somebody may be erasing or rewrapping it: wait for its lock, then look at its key
SET t.lock = $stamp
WITH t, row
WHERE t.wrappedKey = row.before
SET t.wrappedKey = row.after, t.wrappedWith = row.master
RETURN count(*) AS rewrapped
