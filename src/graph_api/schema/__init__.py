"""The GraphQL schema: resolvers translate, services decide."""
