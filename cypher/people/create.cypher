// purpose: new people, with the words they are searched by and their external ids; the constraint refuses one that is taken
// params: practice: STRING, rows: LIST<MAP>
// returns: id
// access: write
UNWIND $rows AS row
CREATE (p:Person)
SET p = row.person, p.practice = $practice
FOREACH (n IN row.names |
  CREATE (p)-[:HAS_NAME]->(:NameKey {key: n.key, practice: $practice, personId: n.personId, text: n.text}))
FOREACH (e IN row.externalIds |
  CREATE (:ExternalId {key: e.key, practice: $practice, system: e.system, value: e.value, mark: e.mark})-[:IDENTIFIES]->(p))
RETURN p.id AS id
