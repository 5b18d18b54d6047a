// purpose: everybody's id in order, some at a time, and of which practice they say they are; for verifying, which must see those too whom no key finds
// params: above: STRING, size: INTEGER
// returns: id, practice
// access: read
MATCH (p:Person)
WHERE p.id > $above
RETURN p.id AS id, p.practice AS practice
ORDER BY p.id
LIMIT $size
