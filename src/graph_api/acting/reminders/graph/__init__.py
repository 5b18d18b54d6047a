"""Rules, preferences and what is to be looked at, in the graph."""
