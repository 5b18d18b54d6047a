"""Edges as the graph keeps them."""
