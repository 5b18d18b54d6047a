"""GraphQL over HTTP, and who asks."""
