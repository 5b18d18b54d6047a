"""Rows of the graph to the domain model, and back."""
