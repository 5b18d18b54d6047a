// purpose: a page each of the networks that people are in as a contact (S7), forwards
// params: practice: STRING, ids: LIST<STRING>, person: LIST<STRING>, contact: LIST<STRING>, other: LIST<STRING>, today: STRING, statuses: LIST<STRING>, relationships: LIST<STRING>|NULL, roles: LIST<STRING>|NULL, portalAccess: BOOLEAN|NULL, cursorKey: STRING|NULL, cursorId: STRING, limit: INTEGER, withTotal: BOOLEAN
// returns: rows
// access: read
// a row: the person, [contact, other] for each edge, how many there are in all; only the properties asked for
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH (other:Person)-[r:HAS_CONTACT]->(p)
  WHERE r.practice = $practice
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
    AND ($cursorKey IS NULL OR other.sortKey > $cursorKey OR (other.sortKey = $cursorKey AND r.id > $cursorId))
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
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows
