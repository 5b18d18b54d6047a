// purpose: versions are found by their contact's id
// params:
// returns:
// access: write
CREATE INDEX had_contact_contact_id IF NOT EXISTS FOR ()-[r:HAD_CONTACT]-() ON (r.contactId)
