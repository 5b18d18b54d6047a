// purpose: a page of clients in their order, each with the first of the <<networks>>
// params: practice: STRING, after: STRING, before: STRING, clientStatuses: LIST<STRING>, person: LIST<STRING>, size: INTEGER, contact: LIST<STRING>, other: LIST<STRING>, limit: INTEGER
// returns: rows
// access: read
// variants: clients_with_network, clients_with_contact_of
//   clients_with_network: networks = contact networks of clients (D2, S7)
//   clients_with_network: edge = (p)-[r:HAS_CONTACT]->(other:Person)
//   clients_with_contact_of: networks = networks that they are in as a contact (S7)
//   clients_with_contact_of: edge = (other:Person)-[r:HAS_CONTACT]->(p)
// a row: the person, [contact, other] for each current edge, no total; only the properties asked for
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
// a row each: with WITH and LIMIT the embedded engine sorts all of them
MATCH (p:Person)
WHERE p.clientKey > $after AND p.clientKey < $before AND p.practice IN [$practice] AND p.clientStatus IN $clientStatuses
RETURN [[[k IN $person | p[k]], COLLECT {
  MATCH <<edge>>
  WHERE r.practice = $practice
  WITH r, other
  ORDER BY other.sortKey, r.id
  LIMIT $limit
  RETURN [[k IN $contact | r[k]], [k IN $other | other[k]]] AS edge
}, null]] AS rows
ORDER BY p.clientKey
LIMIT $size
