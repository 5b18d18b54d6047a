// purpose: which migrations were applied, and what is being applied
// params:
// returns: version, name, checksum, state, claimedAt
// access: read
MATCH (m:Migration)
RETURN m.version AS version, m.name AS name, m.checksum AS checksum, m.state AS state, m.claimedAt AS claimedAt
ORDER BY m.version
