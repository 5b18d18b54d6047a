// purpose: a page of the practice's threads <<whose>>, newest message first<<way>>
// params: practice: STRING, above: STRING, below: STRING, awaitsReply: BOOLEAN|NULL, size: INTEGER, thread: LIST<STRING>
// returns: thread
// access: read
// variants: inbox, assigned, awaiting
//   inbox: whose = of one status
//   inbox: key = inboxKey
//   assigned: whose = of one practitioner and status
//   assigned: key = assignedKey
//   awaiting: whose = that wait for an answer
//   awaiting: key = awaitsKey
// variants: -, _backward
//   -: way =
//   -: order =
//   _backward: way = , from the end
//   _backward: order = DESC
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (t:Thread)
WHERE t.<<key>> > $above AND t.<<key>> < $below AND t.practice IN [$practice]
  AND ($awaitsReply IS NULL OR (t.lastSide <> 'staff') = $awaitsReply)
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.<<key>> <<order>>
LIMIT $size
