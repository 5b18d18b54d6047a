// purpose: what somebody sent, by time: it bounds how much they may send
// params:
// returns:
// access: write
CREATE INDEX message_author_key IF NOT EXISTS FOR (m:Message) ON (m.authorKey)
