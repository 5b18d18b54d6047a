// purpose: let go of a claim whose holder failed or died
// params: version: STRING, claimedAt: STRING
// returns:
// access: write
MATCH (m:Migration {version: $version})
WHERE m.state = 'APPLYING' AND m.claimedAt = $claimedAt
DELETE m
