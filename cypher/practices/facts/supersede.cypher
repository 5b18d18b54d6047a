// purpose: facts of before, kept by whoever changes them (D5, D13); the constraint refuses two of one moment
// params: practice: STRING, fact: MAP
// returns: id
// access: write
CREATE (f:AccessFact)
SET f = $fact, f.practice = $practice
RETURN f.id AS id
