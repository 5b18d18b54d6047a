// purpose: names of people, and of the practitioners whom tokens' subjects name; for bylines (X4)
// params: practice: STRING, ids: LIST<STRING>, subjectKeys: LIST<STRING>, person: LIST<STRING>
// returns: people, practitioners
// access: read
MATCH (n:Practice {id: $practice})
RETURN
  COLLECT {
    UNWIND $ids AS id
    MATCH (p:Person {id: id})
    WHERE p.practice = $practice
    RETURN [k IN $person | p[k]] AS record
  } AS people,
  COLLECT {
    UNWIND $subjectKeys AS subjectKey
    MATCH (w:Practitioner {subjectKey: subjectKey})
    WHERE w.practice = $practice
    RETURN [w.subject, w.id, w.displayName] AS record
  } AS practitioners
