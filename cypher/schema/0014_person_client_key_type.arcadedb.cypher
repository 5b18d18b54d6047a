// purpose: the embedded engine pages clients by their index only when it knows the key's type (keyset pages)
// params:
// returns:
// access: write
CREATE CONSTRAINT person_client_key_type IF NOT EXISTS FOR (p:Person) REQUIRE p.clientKey IS :: STRING
