// purpose: ids of current versions, birth keys and access ends, for edges and clients of before
// params:
// returns:
// access: write
MATCH (p:Person)
CALL (p) {
  SET p.birthKey = CASE WHEN p.clientStatus IN ['ACTIVE', 'INACTIVE'] AND p.birthDate IS NOT NULL THEN p.practice + '\u001f' + p.birthDate + '\u001f' + p.sortKey ELSE null END
  WITH p
  MATCH (p)-[r:HAS_CONTACT]->(q:Person)
  SET r.versionId = 'version_' + substring(r.id, 8, 24) + right('0000000' + toString(r.version), 8)
  WITH r
  WHERE r.endsOn IS NOT NULL AND (r.portalAccess OR r.appointmentReminders)
  MERGE (e:AccessEnd {key: r.practice + '|' + r.endsOn + '|' + r.id + '|terms'})
  SET e.practice = r.practice, e.contactId = r.id
} IN TRANSACTIONS OF 1000 ROWS
