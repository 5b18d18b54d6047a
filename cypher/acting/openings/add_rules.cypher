// purpose: a practitioner's weekly hours, who must be locked
// params: practice: STRING, rows: LIST<MAP>
// returns: added
// access: write
UNWIND $rows AS row
CREATE (r:OpeningRule)
SET r = row, r.practice = $practice
RETURN count(r) AS added
