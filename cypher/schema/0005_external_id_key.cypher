// purpose: an external id names one person: practice|system|value
// params:
// returns:
// access: write
CREATE CONSTRAINT external_id_key IF NOT EXISTS FOR (e:ExternalId) REQUIRE e.key IS UNIQUE
