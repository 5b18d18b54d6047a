// purpose: the embedded engine finds a range of this index only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT payment_client_key_type IF NOT EXISTS FOR (n:Payment) REQUIRE n.clientKey IS :: STRING
