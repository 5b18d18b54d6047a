// purpose: what decisions rested on, of people or the practice, beside what the audit log says of it
// params: practice: STRING, ids: LIST<STRING>, fact: LIST<STRING>
// returns: fact
// access: read
UNWIND $ids AS id
MATCH (f:AccessFact {subject: id})
WHERE f.practice = $practice
RETURN [k IN $fact | f[k]] AS fact
