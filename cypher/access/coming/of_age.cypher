// purpose: clients in the order of their birth dates, each with the parents and guardians who have portal access (D13)
// params: practice: STRING, after: STRING, before: STRING, relationships: LIST<STRING>, contact: LIST<STRING>, client: LIST<STRING>, person: LIST<STRING>, size: INTEGER
// returns: rows
// access: read
MATCH (c:Person)
WHERE c.birthKey > $after AND c.birthKey < $before AND c.practice IN [$practice]
RETURN [[c.birthKey, [k IN $client | c[k]], [(c)-[r:HAS_CONTACT]->(p:Person) WHERE r.practice = $practice AND r.portalAccess AND r.relationship IN $relationships | [[k IN $contact | r[k]], [k IN $person | p[k]]]]]] AS rows
ORDER BY c.birthKey
LIMIT $size
