// purpose: a page each of the <<networks>>, <<way>><<too>>
// params: practice: STRING, ids: LIST<STRING>, person: LIST<STRING>, contact: LIST<STRING>, other: LIST<STRING>, today: STRING, statuses: LIST<STRING>, relationships: LIST<STRING>|NULL, roles: LIST<STRING>|NULL, portalAccess: BOOLEAN|NULL, cursorKey: STRING|NULL, cursorId: STRING, limit: INTEGER, withTotal: BOOLEAN
// returns: rows
// access: read
// variants: network, contact_of
//   network: networks = contact networks of clients (D2, S7)
//   network: edge = (p)-[r:<<types>>]->(other:Person)
//   contact_of: networks = networks that people are in as a contact (S7)
//   contact_of: edge = (other:Person)-[r:<<types>>]->(p)
// variants: -, _with_removed
//   -: too =
//   -: types = HAS_CONTACT
//   -: which =
//   -: removed =
//   -: id = r.id
//   -: property = r[k]
//   _with_removed: too = , removed edges too (D6)
//   _with_removed: types = HAS_CONTACT|HAD_CONTACT
//   _with_removed: which = AND (type(r) = 'HAS_CONTACT' OR r.final = true)
//   _with_removed: removed = WHEN r.final THEN 'REMOVED'
//   _with_removed: id = coalesce(r.contactId, r.id)
//   _with_removed: property = CASE WHEN r.final THEN CASE k WHEN 'id' THEN r.contactId WHEN 'version' THEN r.version + 1 WHEN 'updatedAt' THEN r.validTo WHEN 'removedAt' THEN r.validTo ELSE r[k] END ELSE r[k] END
// variants: -, _backward
//   -: way = forwards
//   -: beyond = >
//   -: order =
//   _backward: way = backwards
//   _backward: beyond = <
//   _backward: order = DESC
// a row: the person, [contact, other] for each edge, how many there are in all; only the properties asked for
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH <<edge>>
  WHERE r.practice = $practice <<which>>
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE <<removed>> WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
    AND ($cursorKey IS NULL OR other.sortKey <<beyond>> $cursorKey OR (other.sortKey = $cursorKey AND <<id>> <<beyond>> $cursorId))
  WITH r, other
  ORDER BY other.sortKey <<order>>, <<id>> <<order>>
  LIMIT $limit
  RETURN [[k IN $contact | <<property>>], [k IN $other | other[k]]] AS edge
} AS contacts, CASE WHEN $withTotal THEN COUNT {
  MATCH <<edge>>
  WHERE r.practice = $practice <<which>>
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE <<removed>> WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows
