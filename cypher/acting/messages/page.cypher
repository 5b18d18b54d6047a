// purpose: messages of a thread by their keys, in the order given, sent since a moment; and the names they stand under
// params: practice: STRING, keys: LIST<STRING>, since: STRING, clientId: STRING, message: LIST<STRING>, person: LIST<STRING>
// returns: messages, people, practitioners
// access: read
UNWIND $keys AS key
MATCH (m:Message {key: key})
WHERE m.practice = $practice AND m.sentAt >= $since
WITH collect(m) AS page
WITH page, [m IN page WHERE m.personId IS NOT NULL | m.personId] + [$clientId] AS ids,
  [m IN page WHERE m.personId IS NULL | $practice + '|' + m.authorSubject] AS subjectKeys
RETURN [m IN page | [k IN $message | m[k]]] AS messages,
  COLLECT {
    UNWIND ids AS id
    WITH DISTINCT id
    MATCH (p:Person {id: id})
    WHERE p.practice = $practice
    RETURN [k IN $person | p[k]] AS person
  } AS people,
  COLLECT {
    UNWIND subjectKeys AS subjectKey
    WITH DISTINCT subjectKey
    MATCH (w:Practitioner {subjectKey: subjectKey})
    WHERE w.practice = $practice
    RETURN [w.subject, w.id, w.displayName] AS practitioner
  } AS practitioners
