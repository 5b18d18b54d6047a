// purpose: mails that are due are found, whichever practice's
// params:
// returns:
// access: write
CREATE INDEX outbox_due IF NOT EXISTS FOR (m:OutboxMail) ON (m.dueAt)
