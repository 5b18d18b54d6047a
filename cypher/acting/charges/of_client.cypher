// purpose: <<what>>
// params: practice: STRING, above: STRING, below: STRING, audiences: LIST<STRING>, size: INTEGER, charge: LIST<STRING>
// returns: charge
// access: read
// variants: of_client, of_client_open
//   of_client: what = a page of a client's charges that a reader sees, the newest service date first
//   of_client: key = clientKey
//   of_client_open: what = those of a client's charges that are open and that a reader sees, the oldest service date first
//   of_client_open: key = openKey
// IN and not =, which would make the embedded engine scan every practice's; the key begins with the practice
MATCH (c:Charge)
WHERE c.<<key>> > $above AND c.<<key>> < $below AND c.practice IN [$practice] AND c.audience IN $audiences
RETURN [k IN $charge | c[k]] AS charge
ORDER BY c.<<key>>
LIMIT $size
