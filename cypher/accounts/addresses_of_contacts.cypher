// purpose: e-mail addresses of a client's contacts, and of their accounts: what is only for the client does not go there
// params: practice: STRING, clientId: STRING
// returns: emails, confidential, account
// access: read
MATCH (c:Person {id: $clientId})-[r:HAS_CONTACT]->(p:Person)
WHERE r.practice = $practice
RETURN p.emails AS emails, p.confidentialEmail AS confidential, [(p)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | a.address] AS account
