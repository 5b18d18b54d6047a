"""What decisions rest on, as the graph keeps it."""
