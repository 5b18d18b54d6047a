// purpose: ids of people with a word that starts with `prefix`, and all of `words`
// params: practice: STRING, prefix: STRING, words: LIST<STRING>, limit: INTEGER
// returns: id
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (n:NameKey)
WHERE n.key STARTS WITH $prefix AND n.practice IN [$practice] AND all(word IN $words WHERE n.text CONTAINS word)
RETURN n.personId AS id
LIMIT $limit
