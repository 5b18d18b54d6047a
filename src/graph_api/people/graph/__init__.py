"""People as the graph keeps them."""
