// purpose: people's places in lists, anew, where they were not changed since
// params: rows: LIST<MAP>
// returns: id
// access: write
// for a migration
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
WHERE p.version = row.version
SET p.sortKey = row.sortKey,
  p.clientKey = CASE WHEN p.clientKey IS NULL THEN null ELSE p.practice + '\u001f' + row.sortKey END,
  p.birthKey = CASE WHEN p.birthKey IS NULL THEN null ELSE p.practice + '\u001f' + p.birthDate + '\u001f' + row.sortKey END
RETURN p.id AS id
