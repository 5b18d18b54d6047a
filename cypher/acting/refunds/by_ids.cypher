// purpose: refunds by their ids, each with its payment
// params: practice: STRING, ids: LIST<STRING>, refund: LIST<STRING>, payment: LIST<STRING>
// returns: rows
// access: read
UNWIND $ids AS id
MATCH (r:Refund {id: id})
WHERE r.practice = $practice
MATCH (t:Payment {id: r.paymentId})
WHERE t.practice = $practice
RETURN collect([[k IN $refund | r[k]], [k IN $payment | t[k]]]) AS rows
