// purpose: a page of clients in their order, <<way>>
// params: practice: STRING, after: STRING, before: STRING, clientStatuses: LIST<STRING>, person: LIST<STRING>, size: INTEGER
// returns: rows
// access: read
// variants: clients, clients_backward
//   clients: way = forwards
//   clients: order =
//   clients_backward: way = backwards
//   clients_backward: order = DESC
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
// a row each: with WITH and LIMIT the embedded engine sorts all of them
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
RETURN [[k IN $person | p[k]]] AS rows
ORDER BY p.clientKey <<order>>
LIMIT $size
