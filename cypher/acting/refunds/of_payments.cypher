// purpose: refunds of payments
// params: practice: STRING, ids: LIST<STRING>, refund: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (r:Refund {paymentId: id})
WHERE r.practice = $practice
RETURN collect([k IN $refund | r[k]]) AS rows
