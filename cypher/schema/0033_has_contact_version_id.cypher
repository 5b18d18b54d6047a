// purpose: current versions of contacts are found by their own ids (D6)
// params:
// returns:
// access: write
CREATE INDEX has_contact_version_id IF NOT EXISTS FOR ()-[r:HAS_CONTACT]-() ON (r.versionId)
