// purpose: a page each of the networks that people are in as a contact (S7), forwards, removed edges too (D6)
// params: practice: STRING, ids: LIST<STRING>, person: LIST<STRING>, contact: LIST<STRING>, other: LIST<STRING>, today: STRING, statuses: LIST<STRING>, relationships: LIST<STRING>|NULL, roles: LIST<STRING>|NULL, portalAccess: BOOLEAN|NULL, cursorKey: STRING|NULL, cursorId: STRING, limit: INTEGER, withTotal: BOOLEAN
// returns: rows
// access: read
// a row: the person, [contact, other] for each edge, how many there are in all; only the properties asked for
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH (other:Person)-[r:HAS_CONTACT|HAD_CONTACT]->(p)
  WHERE r.practice = $practice AND (type(r) = 'HAS_CONTACT' OR r.final = true)
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.final THEN 'REMOVED' WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
    AND ($cursorKey IS NULL OR other.sortKey > $cursorKey OR (other.sortKey = $cursorKey AND coalesce(r.contactId, r.id) > $cursorId))
  WITH r, other
  ORDER BY other.sortKey, coalesce(r.contactId, r.id)
  LIMIT $limit
  RETURN [[k IN $contact | CASE WHEN r.final THEN CASE k WHEN 'id' THEN r.contactId WHEN 'version' THEN r.version + 1 WHEN 'updatedAt' THEN r.validTo WHEN 'removedAt' THEN r.validTo ELSE r[k] END ELSE r[k] END], [k IN $other | other[k]]] AS edge
} AS contacts, CASE WHEN $withTotal THEN COUNT {
  MATCH (other:Person)-[r:HAS_CONTACT|HAD_CONTACT]->(p)
  WHERE r.practice = $practice AND (type(r) = 'HAS_CONTACT' OR r.final = true)
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.final THEN 'REMOVED' WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows
