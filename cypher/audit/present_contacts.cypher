// purpose: people's contacts as they are and as they were, beside what the audit log says of them
// params: practice: STRING, ids: LIST<STRING>, edge: LIST<STRING>
// returns: clientId, edge, personId, isCurrent, isOurs
// access: read
UNWIND $ids AS id
MATCH (c:Person {id: id})-[r:HAS_CONTACT|HAD_CONTACT]->(p)
WHERE c.practice = $practice
RETURN c.id AS clientId, [k IN $edge | r[k]] AS edge, p.id AS personId, type(r) = 'HAS_CONTACT' AS isCurrent,
  coalesce(r.practice = $practice AND p.practice = $practice, false) AS isOurs
