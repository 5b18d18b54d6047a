// purpose: days on which the terms of edges no longer end
// params: practice: STRING, keys: LIST<STRING>
// returns: contactId
// access: write
UNWIND $keys AS key
MATCH (e:AccessEnd {key: key})
WHERE e.practice = $practice
WITH e, e.contactId AS contactId
DETACH DELETE e
RETURN contactId
