// purpose: staff's verdict that people are not the same (D9)
// params: practice: STRING, id: STRING, others: LIST<STRING>, by: STRING, at: STRING
// returns: other
// access: write
UNWIND $others AS other
MATCH (p:Person {id: $id})
WHERE p.practice = $practice
MATCH (q:Person {id: other})
WHERE q.practice = $practice
CREATE (p)-[:NOT_DUPLICATE_OF {by: $by, at: $at}]->(q)
RETURN other
