// purpose: the embedded engine reads clients by birth date only when it knows the key's type
// params:
// returns:
// access: write
CREATE CONSTRAINT person_birth_key_type IF NOT EXISTS FOR (p:Person) REQUIRE p.birthKey IS :: STRING
