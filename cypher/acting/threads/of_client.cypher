// purpose: a page of a client's threads that a viewpoint sees (M2, M4, M6), newest message first<<way>>
// params: practice: STRING, above: STRING, below: STRING, seat: STRING, personId: STRING|NULL, messagesFrom: STRING|NULL, size: INTEGER, thread: LIST<STRING>
// returns: thread
// access: read
// variants: of_client, of_client_backward
//   of_client: way =
//   of_client: order =
//   of_client_backward: way = , from the end
//   of_client_backward: order = DESC
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (t:Thread)
WHERE t.clientKey > $above AND t.clientKey < $below AND t.practice IN [$practice]
  AND CASE $seat
    WHEN 'STAFF' THEN true
    WHEN 'CLIENT' THEN t.clientFrom <= t.lastAt
    ELSE CASE WHEN t.withPersonId = $personId THEN t.withFrom ELSE t.othersFrom END <= t.lastAt
      AND $messagesFrom <= t.lastAt
  END
RETURN [k IN $thread | t[k]] AS thread
ORDER BY t.clientKey <<order>>
LIMIT $size
