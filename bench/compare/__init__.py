"""Our server against the peer (@neo4j/graphql on Apollo Server) and the floor (the driver alone), on one Neo4j."""
