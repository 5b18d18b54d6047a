// purpose: an exception to a practitioner's hours, who must be locked
// params: practice: STRING, exception: MAP
// returns: id
// access: write
CREATE (e:OpeningException)
SET e = $exception, e.practice = $practice
RETURN e.id AS id
