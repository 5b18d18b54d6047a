// purpose: events at <<place>>; the constraint refuses a second one with a number
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
// variants: append, append_practice
//   append: place = the ends of people's chains
//   append: label = Person
//   append: practice = practice
//   append_practice: place = the end of the practice's own chain
//   append_practice: label = Practice
//   append_practice: practice = id
// properties stand in CREATE: set afterwards they take the embedded engine many times as long, by its indexes
UNWIND $rows AS row
MATCH (p:<<label>> {id: row.subjectId})
WHERE p.<<practice>> = $practice
SET p.auditCount = row.sequence, p.auditHead = row.mac, p.auditAt = row.at
CREATE (e:AuditEvent {
  id: row.id, practice: $practice, subjectId: row.subjectId, sequence: row.sequence, at: row.at, actor: row.actor,
  actorRole: row.actorRole, action: row.action, contactId: row.contactId, contactVersion: row.contactVersion,
  fields: row.fields, digests: row.digests, changes: row.changes, reason: row.reason, requestId: row.requestId,
  mac: row.mac, key: row.key, timeKey: row.timeKey, actorKey: row.actorKey, contactKey: row.contactKey})
RETURN e.id AS id
