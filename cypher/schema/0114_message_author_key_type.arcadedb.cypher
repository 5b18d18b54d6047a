// purpose: the embedded engine pages by this index only when it knows the key's type (keyset pages)
// params:
// returns:
// access: write
CREATE CONSTRAINT message_author_key_type IF NOT EXISTS FOR (m:Message) REQUIRE m.authorKey IS :: STRING
