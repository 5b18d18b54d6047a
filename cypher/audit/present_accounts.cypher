// purpose: people's accounts as they are, beside what the audit log says of them
// params: practice: STRING, ids: LIST<STRING>, account: LIST<STRING>
// returns: personId, account
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})-[:HAS_ACCOUNT]->(a:Account)
WHERE p.practice = $practice
RETURN p.id AS personId, [k IN $account | a[k]] AS account
