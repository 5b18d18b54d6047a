// purpose: take away an exception to a practitioner's hours, who must be locked
// params: practice: STRING, id: STRING
// returns: dropped
// access: write
MATCH (e:OpeningException {id: $id})
WHERE e.practice = $practice
DELETE e
RETURN count(*) AS dropped
