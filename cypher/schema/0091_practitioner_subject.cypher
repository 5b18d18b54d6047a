// purpose: a token's subject names one practitioner of a practice at most; who has none has no key
// params:
// returns:
// access: write
CREATE CONSTRAINT practitioner_subject IF NOT EXISTS FOR (p:Practitioner) REQUIRE p.subjectKey IS UNIQUE
