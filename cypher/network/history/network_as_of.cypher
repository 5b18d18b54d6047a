// purpose: a page each of the contact networks of clients as they were at a moment (D6), forwards
// params: practice: STRING, ids: LIST<STRING>, at: STRING, version: LIST<STRING>, other: LIST<STRING>, cursorKey: STRING|NULL, cursorId: STRING, limit: INTEGER, withTotal: BOOLEAN
// returns: rows
// access: read
// a row: the person's id, [version, other] for each edge, how many there are in all; a current edge reads as its version
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
  WHERE r.practice = $practice
    AND coalesce(r.validFrom, r.updatedAt) <= $at AND (r.validTo IS NULL OR r.validTo > $at)
    AND ($cursorKey IS NULL OR other.sortKey > $cursorKey OR (other.sortKey = $cursorKey AND coalesce(r.contactId, r.id) > $cursorId))
  WITH r, other
  ORDER BY other.sortKey, coalesce(r.contactId, r.id)
  LIMIT $limit
  RETURN [[k IN $version | CASE WHEN type(r) = 'HAS_CONTACT' THEN CASE k WHEN 'id' THEN r.versionId WHEN 'contactId' THEN r.id WHEN 'validFrom' THEN r.updatedAt ELSE r[k] END ELSE r[k] END], [k IN $other | other[k]]] AS edge
} AS versions, CASE WHEN $withTotal THEN COUNT {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
  WHERE r.practice = $practice
    AND coalesce(r.validFrom, r.updatedAt) <= $at AND (r.validTo IS NULL OR r.validTo > $at)
} ELSE null END AS total
RETURN collect([p.id, versions, total]) AS rows
