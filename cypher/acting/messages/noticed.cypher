// purpose: note that somebody was told of new messages
// params: practice: STRING, key: STRING, at: STRING
// returns: key
// access: write
MERGE (n:MessageNotice {key: $key})
SET n.practice = $practice, n.noticedAt = $at
RETURN n.key AS key
