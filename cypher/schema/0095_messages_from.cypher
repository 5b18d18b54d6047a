// purpose: from when on messages are open (M4), on edges of before where they are on, and on what these edges were
// params:
// returns:
// access: write
// nobody kept when messages were switched on, so they are open since the version began: no earlier than staff knew
MATCH (p:Person)
CALL (p) {
  MATCH (p)-[r:HAS_CONTACT|HAD_CONTACT]->(q:Person)
  WHERE r.secureMessaging AND r.messagesFrom IS NULL
  SET r.messagesFrom = coalesce(r.validFrom, r.updatedAt)
} IN TRANSACTIONS OF 1000 ROWS
