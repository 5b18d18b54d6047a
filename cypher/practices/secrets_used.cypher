// purpose: whether anything is kept that an installation's secret, or the portal's signing key, was used for
// params:
// returns: secret, portal
// access: read
RETURN EXISTS { MATCH (k:IdempotencyKey) WHERE k.key > '' } OR EXISTS { MATCH (c:OneTimeCode) WHERE c.key > '' } AS secret,
  EXISTS { MATCH (s:Session) WHERE s.id > '' } AS portal
