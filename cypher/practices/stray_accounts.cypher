// purpose: accounts that nobody would find at their person, yet that an address opens
// params: size: INTEGER
// returns: id, practice, personId
// access: read
// a scan of all accounts, for verifying alone: what was put in by hand has whatever keys somebody gave it
MATCH (a:Account)
OPTIONAL MATCH (p:Person)-[:HAS_ACCOUNT]->(a)
WITH a, collect(p.id) AS holders
WHERE holders <> [a.personId] OR a.key IS NULL OR a.key <> a.practice + '|' + a.personId
RETURN a.id AS id, a.practice AS practice, a.personId AS personId
LIMIT $size
