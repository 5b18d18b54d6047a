// purpose: a contact's invitation, from anew: what it was before is gone, its token too; the person must be locked
// params: practice: STRING, personId: STRING, key: STRING, invitation: MAP
// returns: id
// access: write
MATCH (p:Person {id: $personId})
WHERE p.practice = $practice
MERGE (i:Invitation {key: $key})
SET i = $invitation, i.key = $key, i.practice = $practice
MERGE (p)-[:HAS_INVITATION]->(i)
RETURN i.id AS id
