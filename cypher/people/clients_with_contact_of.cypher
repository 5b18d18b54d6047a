// purpose: a page of clients in their order, each with the first of the networks that they are in as a contact (S7)
// params: practice: STRING, after: STRING, before: STRING, clientStatuses: LIST<STRING>, person: LIST<STRING>, size: INTEGER, contact: LIST<STRING>, other: LIST<STRING>, today: STRING, statuses: LIST<STRING>, relationships: LIST<STRING>|NULL, roles: LIST<STRING>|NULL, portalAccess: BOOLEAN|NULL, limit: INTEGER, withTotal: BOOLEAN
// returns: rows
// access: read
// a row: the person, [contact, other] for each edge, how many there are in all; only the properties asked for
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
WITH p
ORDER BY p.clientKey
LIMIT $size
WITH p, COLLECT {
  MATCH (other:Person)-[r:HAS_CONTACT]->(p)
  WHERE r.practice = $practice
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
  WITH r, other
  ORDER BY other.sortKey, r.id
  LIMIT $limit
  RETURN [[k IN $contact | r[k]], [k IN $other | other[k]]] AS edge
} AS contacts, CASE WHEN $withTotal THEN COUNT {
  MATCH (other:Person)-[r:HAS_CONTACT]->(p)
  WHERE r.practice = $practice
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
ORDER BY p.clientKey
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows
