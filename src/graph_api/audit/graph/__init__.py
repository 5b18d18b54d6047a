"""Events as the graph keeps them."""
