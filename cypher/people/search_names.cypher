// purpose: ids of people with a word that starts with `prefix`, and all of `words`
// params: practice: STRING, prefix: STRING, words: LIST<STRING>, limit: INTEGER
// returns: id
// access: read
MATCH (n:NameKey)
WHERE n.key STARTS WITH $prefix AND n.practice = $practice AND all(word IN $words WHERE n.text CONTAINS word)
RETURN n.personId AS id
LIMIT $limit
