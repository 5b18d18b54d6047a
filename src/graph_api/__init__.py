"""A GraphQL API over a graph database for a health practice's contact networks."""
