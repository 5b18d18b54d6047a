// purpose: the first message master after an id, by which threads of any practice are wrapped; master after master
// params: above: STRING
// returns: master
// access: read
MATCH (t:Thread)
WHERE t.wrappedWith > $above
RETURN t.wrappedWith AS master
ORDER BY t.wrappedWith
LIMIT 1
