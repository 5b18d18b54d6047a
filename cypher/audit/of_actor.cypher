// purpose: a page of what somebody did, newest first
// params: practice: STRING, above: STRING, below: STRING, since: STRING, until: STRING, subjectId: STRING|NULL, actor: STRING|NULL, contactId: STRING|NULL, actions: LIST<STRING>|NULL, size: INTEGER, event: LIST<STRING>
// returns: event
// access: read
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (e:AuditEvent)
WHERE e.actorKey > $above AND e.actorKey < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN [k IN $event | e[k]] AS event
ORDER BY e.actorKey DESC
LIMIT $size
