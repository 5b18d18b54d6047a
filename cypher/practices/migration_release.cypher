// purpose: let go of claims whose holder failed or died
// params: versions: LIST<STRING>, claimedAt: STRING
// returns:
// access: write
UNWIND $versions AS version
MATCH (m:Migration {version: version})
WHERE m.state = 'APPLYING' AND m.claimedAt = $claimedAt
DELETE m
