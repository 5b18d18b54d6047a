// purpose: events at the end of the practice's own chain; the constraint refuses a second one with a number
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
// properties stand in CREATE: set afterwards they take the embedded engine many times as long, by its indexes
UNWIND $rows AS row
MATCH (p:Practice {id: row.subjectId})
WHERE p.id = $practice
SET p.auditCount = row.sequence, p.auditHead = row.mac, p.auditAt = row.at
CREATE (e:AuditEvent {
  id: row.id, practice: $practice, subjectId: row.subjectId, sequence: row.sequence, at: row.at, actor: row.actor,
  actorRole: row.actorRole, action: row.action, contactId: row.contactId, contactVersion: row.contactVersion,
  fields: row.fields, digests: row.digests, changes: row.changes, reason: row.reason, requestId: row.requestId,
  mac: row.mac, key: row.key, timeKey: row.timeKey, actorKey: row.actorKey, contactKey: row.contactKey})
RETURN e.id AS id
