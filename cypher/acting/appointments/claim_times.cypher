// purpose: claim moments for an appointment; the constraint refuses one that another has claimed
// params: practice: STRING, appointmentId: STRING, keys: LIST<STRING>
// returns: claimed
// access: write
UNWIND $keys AS key
CREATE (b:BookedTime {key: key, practice: $practice, appointmentId: $appointmentId})
RETURN count(b) AS claimed
