// purpose: migrations are done
// params: versions: LIST<STRING>, appliedAt: STRING
// returns: version
// access: write
UNWIND $versions AS version
MATCH (m:Migration {version: version})
SET m.state = 'APPLIED', m.appliedAt = $appliedAt
RETURN m.version AS version
