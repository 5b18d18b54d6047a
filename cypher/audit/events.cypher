// purpose: <<what>> <<whose>><<order>>
// params: practice: STRING, above: STRING, below: STRING, since: STRING, until: STRING, subjectId: STRING|NULL, actor: STRING|NULL, contactId: STRING|NULL, actions: LIST<STRING>|NULL<<params>>
// returns: <<returned>>
// access: read
// variants: of, total_of
//   of: what = a page of
//   of: order = , newest first
//   of: params = , size: INTEGER, event: LIST<STRING>
//   of: returned = event
//   of: result = [k IN $event | e[k]]
//   of: page = ORDER BY e.<<key>> DESC LIMIT $size
//   total_of: what = how many there are of
//   total_of: order =
//   total_of: params =
//   total_of: returned = total
//   total_of: result = count(*)
//   total_of: page =
// variants: _subject, _contact, _actor, _practice
//   _subject: whose = a chain's events
//   _subject: key = key
//   _contact: whose = a contact's events
//   _contact: key = contactKey
//   _actor: whose = what somebody did
//   _actor: key = actorKey
//   _practice: whose = a practice's events
//   _practice: key = timeKey
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (e:AuditEvent)
WHERE e.<<key>> > $above AND e.<<key>> < $below AND e.practice IN [$practice]
  AND e.at >= $since AND e.at < $until
  AND ($subjectId IS NULL OR e.subjectId = $subjectId)
  AND ($actor IS NULL OR e.actor = $actor)
  AND ($contactId IS NULL OR e.contactId = $contactId)
  AND ($actions IS NULL OR e.action IN $actions)
RETURN <<result>> AS <<returned>>
<<page>>
