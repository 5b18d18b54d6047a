// purpose: mark a message as retracted (M7); its thread must be locked
// params: practice: STRING, id: STRING, retracted: MAP
// returns: id
// access: write
MATCH (m:Message {id: $id})
WHERE m.practice = $practice
SET m += $retracted
RETURN m.id AS id
