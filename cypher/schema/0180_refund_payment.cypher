// purpose: refunds of a payment are found
// params:
// returns:
// access: write
CREATE INDEX refund_payment IF NOT EXISTS FOR (n:Refund) ON (n.paymentId)
