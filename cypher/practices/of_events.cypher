// purpose: the first place of an event after a key; with it, whose events there are, practice after practice
// params: above: STRING
// returns: key
// access: read
MATCH (e:AuditEvent)
WHERE e.key > $above
RETURN e.key AS key
ORDER BY e.key
LIMIT 1
