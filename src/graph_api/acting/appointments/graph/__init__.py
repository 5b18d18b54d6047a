"""Locations, types, hours and appointments in the graph."""
