// purpose: new people
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
UNWIND $rows AS row
CREATE (p:Person)
SET p = row, p.practice = $practice
RETURN p.id AS id
