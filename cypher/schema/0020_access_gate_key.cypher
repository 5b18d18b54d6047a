// purpose: a gate is one, whoever needs it first makes it
// params:
// returns:
// access: write
CREATE CONSTRAINT access_gate_key IF NOT EXISTS FOR (g:AccessGate) REQUIRE g.key IS UNIQUE
