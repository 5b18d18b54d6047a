// acting/appointments/of_client (acting/appointments/of_client.cypher)
// purpose: a page of a client's appointments that a reader sees (A10), by their start
MATCH (a:Appointment)
WHERE a.clientKey > $above AND a.clientKey < $below AND a.practice IN [$practice]
  AND a.audience IN $audiences
  AND ($statuses IS NULL
    OR CASE WHEN a.status = 'REQUESTED' AND a.heldUntil <= $now THEN 'EXPIRED' ELSE a.status END IN $statuses)
RETURN [k IN $appointment | a[k]] AS appointment
ORDER BY a.clientKey
LIMIT $size

// acting/appointments/of_client_backward (acting/appointments/of_client.cypher)
// purpose: a page of a client's appointments that a reader sees (A10), by their start, from the end
MATCH (a:Appointment)
WHERE a.clientKey > $above AND a.clientKey < $below AND a.practice IN [$practice]
  AND a.audience IN $audiences
  AND ($statuses IS NULL
    OR CASE WHEN a.status = 'REQUESTED' AND a.heldUntil <= $now THEN 'EXPIRED' ELSE a.status END IN $statuses)
RETURN [k IN $appointment | a[k]] AS appointment
ORDER BY a.clientKey DESC
LIMIT $size

// acting/charges/of_client (acting/charges/of_client.cypher)
// purpose: a page of a client's charges that a reader sees, the newest service date first
MATCH (c:Charge)
WHERE c.clientKey > $above AND c.clientKey < $below AND c.practice IN [$practice] AND c.audience IN $audiences
RETURN [k IN $charge | c[k]] AS charge
ORDER BY c.clientKey
LIMIT $size

// acting/charges/of_client_open (acting/charges/of_client.cypher)
// purpose: those of a client's charges that are open and that a reader sees, the oldest service date first
MATCH (c:Charge)
WHERE c.openKey > $above AND c.openKey < $below AND c.practice IN [$practice] AND c.audience IN $audiences
RETURN [k IN $charge | c[k]] AS charge
ORDER BY c.openKey
LIMIT $size

// acting/reminders/unplan (acting/reminders/unplan.cypher)
// purpose: appointments are not looked at any more
UNWIND $ids AS id
MATCH (d:ReminderDue {appointmentId: id})
WHERE d.practice = $practice
  AND NOT EXISTS {
    MATCH (s:ReminderDelivery {appointmentId: id})
    WHERE s.practice = $practice AND s.ruleId = d.ruleId AND s.lease IS NOT NULL
  }
DELETE d
RETURN count(*) AS dropped

// acting/reminders/unplan_coming (acting/reminders/unplan.cypher)
// purpose: what changed rules plan anew is not looked at as before: what is due later, or of a rule that is gone
UNWIND $ids AS id
MATCH (d:ReminderDue {appointmentId: id})
WHERE d.practice = $practice AND (d.dueAt > $after OR NOT d.ruleId IN $rules)
  AND NOT EXISTS {
    MATCH (s:ReminderDelivery {appointmentId: id})
    WHERE s.practice = $practice AND s.ruleId = d.ruleId AND s.lease IS NOT NULL
  }
DELETE d
RETURN count(*) AS dropped

// acting/threads/inbox (acting/threads/inbox.cypher)
// purpose: a page of the practice's threads of one status, newest message first
MATCH (t:Thread)
WHERE t.inboxKey > $above AND t.inboxKey < $below AND t.practice IN [$practice]
  AND ($awaitsReply IS NULL OR (t.lastSide <> 'staff') = $awaitsReply)
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.inboxKey
LIMIT $size

// acting/threads/assigned (acting/threads/inbox.cypher)
// purpose: a page of the practice's threads of one practitioner and status, newest message first
MATCH (t:Thread)
WHERE t.assignedKey > $above AND t.assignedKey < $below AND t.practice IN [$practice]
  AND ($awaitsReply IS NULL OR (t.lastSide <> 'staff') = $awaitsReply)
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.assignedKey
LIMIT $size

// acting/threads/awaiting (acting/threads/inbox.cypher)
// purpose: a page of the practice's threads that wait for an answer, newest message first
MATCH (t:Thread)
WHERE t.awaitsKey > $above AND t.awaitsKey < $below AND t.practice IN [$practice]
  AND ($awaitsReply IS NULL OR (t.lastSide <> 'staff') = $awaitsReply)
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.awaitsKey
LIMIT $size

// acting/threads/inbox_backward (acting/threads/inbox.cypher)
// purpose: a page of the practice's threads of one status, newest message first, from the end
MATCH (t:Thread)
WHERE t.inboxKey > $above AND t.inboxKey < $below AND t.practice IN [$practice]
  AND ($awaitsReply IS NULL OR (t.lastSide <> 'staff') = $awaitsReply)
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.inboxKey DESC
LIMIT $size

// acting/threads/assigned_backward (acting/threads/inbox.cypher)
// purpose: a page of the practice's threads of one practitioner and status, newest message first, from the end
MATCH (t:Thread)
WHERE t.assignedKey > $above AND t.assignedKey < $below AND t.practice IN [$practice]
  AND ($awaitsReply IS NULL OR (t.lastSide <> 'staff') = $awaitsReply)
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.assignedKey DESC
LIMIT $size

// acting/threads/awaiting_backward (acting/threads/inbox.cypher)
// purpose: a page of the practice's threads that wait for an answer, newest message first, from the end
MATCH (t:Thread)
WHERE t.awaitsKey > $above AND t.awaitsKey < $below AND t.practice IN [$practice]
  AND ($awaitsReply IS NULL OR (t.lastSide <> 'staff') = $awaitsReply)
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.awaitsKey DESC
LIMIT $size

// acting/threads/of_client (acting/threads/of_client.cypher)
// purpose: a page of a client's threads that a viewpoint sees (M2, M4, M6), newest message first
MATCH (t:Thread)
WHERE t.clientKey > $above AND t.clientKey < $below AND t.practice IN [$practice]
  AND CASE $seat
    WHEN 'STAFF' THEN true
    WHEN 'CLIENT' THEN t.clientFrom <= t.lastAt
    ELSE CASE WHEN t.withPersonId = $personId THEN t.withFrom ELSE t.othersFrom END <= t.lastAt
      AND $messagesFrom <= t.lastAt
  END
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.clientKey
LIMIT $size

// acting/threads/of_client_backward (acting/threads/of_client.cypher)
// purpose: a page of a client's threads that a viewpoint sees (M2, M4, M6), newest message first, from the end
MATCH (t:Thread)
WHERE t.clientKey > $above AND t.clientKey < $below AND t.practice IN [$practice]
  AND CASE $seat
    WHEN 'STAFF' THEN true
    WHEN 'CLIENT' THEN t.clientFrom <= t.lastAt
    ELSE CASE WHEN t.withPersonId = $personId THEN t.withFrom ELSE t.othersFrom END <= t.lastAt
      AND $messagesFrom <= t.lastAt
  END
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.clientKey DESC
LIMIT $size

// audit/append (audit/append.cypher)
// purpose: events at the ends of people's chains; the constraint refuses a second one with a number
UNWIND $rows AS row
MATCH (p:Person {id: row.subjectId})
WHERE p.practice = $practice
SET p.auditCount = row.sequence, p.auditHead = row.mac, p.auditAt = row.at
CREATE (e:AuditEvent {
  id: row.id, practice: $practice, subjectId: row.subjectId, sequence: row.sequence, at: row.at, actor: row.actor,
  actorRole: row.actorRole, action: row.action, contactId: row.contactId, contactVersion: row.contactVersion,
  fields: row.fields, digests: row.digests, changes: row.changes, reason: row.reason, requestId: row.requestId,
  mac: row.mac, key: row.key, timeKey: row.timeKey, actorKey: row.actorKey, contactKey: row.contactKey})
RETURN e.id AS id

// audit/append_practice (audit/append.cypher)
// purpose: events at the end of the practice's own chain; the constraint refuses a second one with a number
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

// audit/of_subject (audit/events.cypher)
// purpose: a page of a chain's events, newest first
MATCH (e:AuditEvent)
WHERE e.key > $above AND e.key < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN [k IN $event | e[k]] AS event
ORDER BY e.key DESC LIMIT $size

// audit/total_of_subject (audit/events.cypher)
// purpose: how many there are of a chain's events
MATCH (e:AuditEvent)
WHERE e.key > $above AND e.key < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN count(*) AS total

// audit/of_contact (audit/events.cypher)
// purpose: a page of a contact's events, newest first
MATCH (e:AuditEvent)
WHERE e.contactKey > $above AND e.contactKey < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN [k IN $event | e[k]] AS event
ORDER BY e.contactKey DESC LIMIT $size

// audit/total_of_contact (audit/events.cypher)
// purpose: how many there are of a contact's events
MATCH (e:AuditEvent)
WHERE e.contactKey > $above AND e.contactKey < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN count(*) AS total

// audit/of_actor (audit/events.cypher)
// purpose: a page of what somebody did, newest first
MATCH (e:AuditEvent)
WHERE e.actorKey > $above AND e.actorKey < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN [k IN $event | e[k]] AS event
ORDER BY e.actorKey DESC LIMIT $size

// audit/total_of_actor (audit/events.cypher)
// purpose: how many there are of what somebody did
MATCH (e:AuditEvent)
WHERE e.actorKey > $above AND e.actorKey < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN count(*) AS total

// audit/of_practice (audit/events.cypher)
// purpose: a page of a practice's events, newest first
MATCH (e:AuditEvent)
WHERE e.timeKey > $above AND e.timeKey < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN [k IN $event | e[k]] AS event
ORDER BY e.timeKey DESC LIMIT $size

// audit/total_of_practice (audit/events.cypher)
// purpose: how many there are of a practice's events
MATCH (e:AuditEvent)
WHERE e.timeKey > $above AND e.timeKey < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN count(*) AS total

// audit/in_order (audit/in_order.cypher)
// purpose: a practice's events by time, some at a time
MATCH (e:AuditEvent)
WHERE e.timeKey > $above AND e.timeKey < $below AND e.practice IN [$practice]
RETURN [k IN $event | e[k]] AS event
ORDER BY e.timeKey
LIMIT $size

// audit/chains (audit/in_order.cypher)
// purpose: a practice's events by subject and number, some at a time
MATCH (e:AuditEvent)
WHERE e.key > $above AND e.key < $below AND e.practice IN [$practice]
RETURN [k IN $event | e[k]] AS event
ORDER BY e.key
LIMIT $size

// network/contacts/by_ids (network/contacts/by_ids.cypher)
// purpose: current edges by their ids; IN uses the edges' index, UNWIND would not
MATCH (c)-[r:HAS_CONTACT]->(p)
WHERE r.id IN $ids AND r.practice = $practice
RETURN collect([[k IN $contact | r[k]], [k IN $client | c[k]], [k IN $person | p[k]]]) AS rows

// network/contacts/versions_by_ids (network/contacts/by_ids.cypher)
// purpose: superseded versions of contacts (D6) by their ids; IN uses the edges' index, UNWIND would not
MATCH (c)-[r:HAD_CONTACT]->(p)
WHERE r.id IN $ids AND r.practice = $practice
RETURN collect([[k IN $version | r[k]], [k IN $client | c[k]], [k IN $person | p[k]]]) AS rows

// network/contacts/network (network/contacts/networks.cypher)
// purpose: a page each of the contact networks of clients (D2, S7), forwards
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH (p)-[r:HAS_CONTACT]->(other:Person)
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
  MATCH (p)-[r:HAS_CONTACT]->(other:Person)
  WHERE r.practice = $practice
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows

// network/contacts/contact_of (network/contacts/networks.cypher)
// purpose: a page each of the networks that people are in as a contact (S7), forwards
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

// network/contacts/network_with_removed (network/contacts/networks.cypher)
// purpose: a page each of the contact networks of clients (D2, S7), forwards, removed edges too (D6)
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
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
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
  WHERE r.practice = $practice AND (type(r) = 'HAS_CONTACT' OR r.final = true)
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.final THEN 'REMOVED' WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows

// network/contacts/contact_of_with_removed (network/contacts/networks.cypher)
// purpose: a page each of the networks that people are in as a contact (S7), forwards, removed edges too (D6)
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

// network/contacts/network_backward (network/contacts/networks.cypher)
// purpose: a page each of the contact networks of clients (D2, S7), backwards
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH (p)-[r:HAS_CONTACT]->(other:Person)
  WHERE r.practice = $practice
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
    AND ($cursorKey IS NULL OR other.sortKey < $cursorKey OR (other.sortKey = $cursorKey AND r.id < $cursorId))
  WITH r, other
  ORDER BY other.sortKey DESC, r.id DESC
  LIMIT $limit
  RETURN [[k IN $contact | r[k]], [k IN $other | other[k]]] AS edge
} AS contacts, CASE WHEN $withTotal THEN COUNT {
  MATCH (p)-[r:HAS_CONTACT]->(other:Person)
  WHERE r.practice = $practice
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows

// network/contacts/contact_of_backward (network/contacts/networks.cypher)
// purpose: a page each of the networks that people are in as a contact (S7), backwards
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
    AND ($cursorKey IS NULL OR other.sortKey < $cursorKey OR (other.sortKey = $cursorKey AND r.id < $cursorId))
  WITH r, other
  ORDER BY other.sortKey DESC, r.id DESC
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

// network/contacts/network_with_removed_backward (network/contacts/networks.cypher)
// purpose: a page each of the contact networks of clients (D2, S7), backwards, removed edges too (D6)
UNWIND $ids AS id
MATCH (p:Person {id: id})
WHERE p.practice = $practice
WITH p, COLLECT {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
  WHERE r.practice = $practice AND (type(r) = 'HAS_CONTACT' OR r.final = true)
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.final THEN 'REMOVED' WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
    AND ($cursorKey IS NULL OR other.sortKey < $cursorKey OR (other.sortKey = $cursorKey AND coalesce(r.contactId, r.id) < $cursorId))
  WITH r, other
  ORDER BY other.sortKey DESC, coalesce(r.contactId, r.id) DESC
  LIMIT $limit
  RETURN [[k IN $contact | CASE WHEN r.final THEN CASE k WHEN 'id' THEN r.contactId WHEN 'version' THEN r.version + 1 WHEN 'updatedAt' THEN r.validTo WHEN 'removedAt' THEN r.validTo ELSE r[k] END ELSE r[k] END], [k IN $other | other[k]]] AS edge
} AS contacts, CASE WHEN $withTotal THEN COUNT {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(other:Person)
  WHERE r.practice = $practice AND (type(r) = 'HAS_CONTACT' OR r.final = true)
    AND ($relationships IS NULL OR r.relationship IN $relationships)
    AND ($roles IS NULL OR any(role IN r.roles WHERE role IN $roles))
    AND ($portalAccess IS NULL OR r.portalAccess = $portalAccess)
    AND CASE WHEN r.final THEN 'REMOVED' WHEN r.startsOn > $today THEN 'UPCOMING' WHEN r.endsOn < $today THEN 'EXPIRED' ELSE 'IN_FORCE' END IN $statuses
} ELSE null END AS total
RETURN collect([[k IN $person | p[k]], contacts, total]) AS rows

// network/contacts/contact_of_with_removed_backward (network/contacts/networks.cypher)
// purpose: a page each of the networks that people are in as a contact (S7), backwards, removed edges too (D6)
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
    AND ($cursorKey IS NULL OR other.sortKey < $cursorKey OR (other.sortKey = $cursorKey AND coalesce(r.contactId, r.id) < $cursorId))
  WITH r, other
  ORDER BY other.sortKey DESC, coalesce(r.contactId, r.id) DESC
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

// people/clients (people/clients.cypher)
// purpose: a page of clients in their order, forwards
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
WITH p
ORDER BY p.clientKey
LIMIT $size
RETURN collect([k IN $person | p[k]]) AS rows

// people/clients_backward (people/clients.cypher)
// purpose: a page of clients in their order, backwards
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
WITH p
ORDER BY p.clientKey DESC
LIMIT $size
RETURN collect([k IN $person | p[k]]) AS rows

// people/clients_with_network (people/clients_with.cypher)
// purpose: a page of clients in their order, each with the first of the contact networks of clients (D2, S7)
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
WITH p
ORDER BY p.clientKey
LIMIT $size
WITH p, COLLECT {
  MATCH (p)-[r:HAS_CONTACT]->(other:Person)
  WHERE r.practice = $practice
  WITH r, other
  ORDER BY other.sortKey, r.id
  LIMIT $limit
  RETURN [[k IN $contact | r[k]], [k IN $other | other[k]]] AS edge
} AS contacts
ORDER BY p.clientKey
RETURN collect([[k IN $person | p[k]], contacts, null]) AS rows

// people/clients_with_contact_of (people/clients_with.cypher)
// purpose: a page of clients in their order, each with the first of the networks that they are in as a contact (S7)
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
WITH p
ORDER BY p.clientKey
LIMIT $size
WITH p, COLLECT {
  MATCH (other:Person)-[r:HAS_CONTACT]->(p)
  WHERE r.practice = $practice
  WITH r, other
  ORDER BY other.sortKey, r.id
  LIMIT $limit
  RETURN [[k IN $contact | r[k]], [k IN $other | other[k]]] AS edge
} AS contacts
ORDER BY p.clientKey
RETURN collect([[k IN $person | p[k]], contacts, null]) AS rows

// people/search_names (people/search.cypher)
// purpose: people with a word that starts with `prefix` and all of `words`, as the search shows them
MATCH (n:NameKey)<-[:HAS_NAME]-(p:Person)
WHERE n.key STARTS WITH $prefix AND n.practice IN [$practice] AND all(word IN $words WHERE n.text CONTAINS word)
WITH DISTINCT p
LIMIT $limit
WITH p,
  CASE WHEN $withCount THEN COUNT { MATCH (p)<-[r:HAS_CONTACT]-(:Person) WHERE r.practice = $practice } ELSE null END AS clientCount,
  CASE WHEN $clientId IS NULL THEN null
    ELSE head([(p)<-[r:HAS_CONTACT]-(c:Person) WHERE c.id = $clientId AND r.practice = $practice | [[k IN $contact | r[k]], [k IN $client | c[k]]]])
  END AS edge
RETURN collect([[k IN $person | p[k]], clientCount, edge[0], edge[1]]) AS rows

// people/search_match_keys (people/search.cypher)
// purpose: people with a match key that starts with `prefix`, as the search shows them
MATCH (m:MatchKey)<-[:HAS_KEY]-(p:Person)
WHERE m.key STARTS WITH $prefix AND m.practice IN [$practice]
WITH DISTINCT p
LIMIT $limit
WITH p,
  CASE WHEN $withCount THEN COUNT { MATCH (p)<-[r:HAS_CONTACT]-(:Person) WHERE r.practice = $practice } ELSE null END AS clientCount,
  CASE WHEN $clientId IS NULL THEN null
    ELSE head([(p)<-[r:HAS_CONTACT]-(c:Person) WHERE c.id = $clientId AND r.practice = $practice | [[k IN $contact | r[k]], [k IN $client | c[k]]]])
  END AS edge
RETURN collect([[k IN $person | p[k]], clientCount, edge[0], edge[1]]) AS rows

// portal/invitations/pending_of_person (portal/invitations/of_person.cypher)
// purpose: a person's pending invitations, of every client
MATCH (p:Person {id: $personId})-[:HAS_INVITATION]->(i:Invitation)
WHERE p.practice = $practice AND i.practice = $practice AND i.status = 'PENDING'
RETURN [k IN $invitation | i[k]] AS invitation

// portal/invitations/locked_of_person (portal/invitations/of_person.cypher)
// purpose: a person's invitations that wrong answers locked, of every client
MATCH (p:Person {id: $personId})-[:HAS_INVITATION]->(i:Invitation)
WHERE p.practice = $practice AND i.practice = $practice AND i.status = 'LOCKED'
RETURN [k IN $invitation | i[k]] AS invitation

// portal/sessions/holder (portal/sessions/holder.cypher)
// purpose: a session, and whether its account is active; each portal request asks
MATCH (s:Session {id: $id})
WHERE s.practice = $practice
RETURN [k IN $session | s[k]] AS session, [(s)<-[:HAS_SESSION]-(a:Account) | a.status] AS accounts

// portal/sessions/lock (portal/sessions/holder.cypher)
// purpose: take a session's lock, and read it under it, with whether its account is active
MATCH (s:Session {id: $id})
WHERE s.practice = $practice SET s.lock = $stamp WITH s
RETURN [k IN $session | s[k]] AS session, [(s)<-[:HAS_SESSION]-(a:Account) | a.status] AS accounts

// people/clients (people/clients.arcadedb.cypher)
// purpose: a page of clients in their order, forwards
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
RETURN [[k IN $person | p[k]]] AS rows
ORDER BY p.clientKey
LIMIT $size

// people/clients_backward (people/clients.arcadedb.cypher)
// purpose: a page of clients in their order, backwards
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
RETURN [[k IN $person | p[k]]] AS rows
ORDER BY p.clientKey DESC
LIMIT $size

// people/clients_with_network (people/clients_with.arcadedb.cypher)
// purpose: a page of clients in their order, each with the first of the contact networks of clients (D2, S7)
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
RETURN [[[k IN $person | p[k]], COLLECT {
  MATCH (p)-[r:HAS_CONTACT]->(other:Person)
  WHERE r.practice = $practice
  WITH r, other
  ORDER BY other.sortKey, r.id
  LIMIT $limit
  RETURN [[k IN $contact | r[k]], [k IN $other | other[k]]] AS edge
}, null]] AS rows
ORDER BY p.clientKey
LIMIT $size

// people/clients_with_contact_of (people/clients_with.arcadedb.cypher)
// purpose: a page of clients in their order, each with the first of the networks that they are in as a contact (S7)
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
RETURN [[[k IN $person | p[k]], COLLECT {
  MATCH (other:Person)-[r:HAS_CONTACT]->(p)
  WHERE r.practice = $practice
  WITH r, other
  ORDER BY other.sortKey, r.id
  LIMIT $limit
  RETURN [[k IN $contact | r[k]], [k IN $other | other[k]]] AS edge
}, null]] AS rows
ORDER BY p.clientKey
LIMIT $size
