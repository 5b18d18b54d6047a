// purpose: where a client's contacts can be reached, whatever they may do: e-mail addresses and phones, confidential ones too, and addresses of their accounts; what is only for the client does not go there
// params: practice: STRING, clientId: STRING
// returns: emails, phones, confidential, account
// access: read
MATCH (c:Person {id: $clientId})
WHERE c.practice = $practice
MATCH (c)-[r:HAS_CONTACT]->(p:Person)
WHERE r.practice = $practice
RETURN p.emails AS emails, p.phones AS phones, [p.confidentialEmail, p.confidentialPhone] AS confidential,
  [(p)-[:HAS_ACCOUNT]->(a:Account) WHERE a.practice = $practice | a.address] AS account
