// purpose: a migration is done
// params: version: STRING, appliedAt: STRING
// returns: version
// access: write
MATCH (m:Migration {version: $version})
SET m.state = 'APPLIED', m.appliedAt = $appliedAt
RETURN m.version AS version
