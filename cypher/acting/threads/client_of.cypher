// purpose: whose thread it is, and whether it has a key; for the command line
// params: practice: STRING, id: STRING
// returns: clientId, hasKey
// access: read
MATCH (t:Thread {id: $id})
WHERE t.practice = $practice
RETURN t.clientId AS clientId, t.wrappedKey IS NOT NULL AS hasKey
