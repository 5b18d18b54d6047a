// purpose: the embedded engine finds a range of this index only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT charge_client_key_type IF NOT EXISTS FOR (n:Charge) REQUIRE n.clientKey IS :: STRING
