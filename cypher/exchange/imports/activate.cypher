// purpose: people who became clients by an import, unless they were clients before
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
WHERE p.practice = $practice AND p.clientStatus IS NULL
SET p.clientStatus = 'ACTIVE', p.clientKey = row.clientKey, p.birthKey = row.birthKey, p.version = p.version + 1, p.updatedAt = row.at, p.accessSince = row.at
RETURN p.id AS id
