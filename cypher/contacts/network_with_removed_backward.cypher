// purpose: a page each of the contact networks of clients (D2, S7), backwards, removed edges too (D6)
// params: practice: STRING, ids: LIST<STRING>, today: STRING, statuses: LIST<STRING>, relationships: LIST<STRING>|NULL, roles: LIST<STRING>|NULL, portalAccess: BOOLEAN|NULL, cursorKey: STRING|NULL, cursorId: STRING, limit: INTEGER, withTotal: BOOLEAN
// returns: id, person, contacts, total
// access: read
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
RETURN id, p{.*} AS person, COLLECT {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
  WHERE r.practice = $practice AND (type(r) = 'HAS_CONTACT' OR r.final = true)
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.final THEN 'REMOVED' WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
    AND ($cursorKey IS NULL OR other.sortKey < $cursorKey OR (other.sortKey = $cursorKey AND coalesce(r.contactId, r.id) < $cursorId))
  RETURN r{.*, other: other{.*}} AS contact
  ORDER BY other.sortKey DESC, coalesce(r.contactId, r.id) DESC
  LIMIT $limit
} AS contacts, CASE WHEN $withTotal THEN COUNT {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
  WHERE r.practice = $practice AND (type(r) = 'HAS_CONTACT' OR r.final = true)
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.final THEN 'REMOVED' WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
