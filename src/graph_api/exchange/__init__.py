"""Bringing data in from other systems."""
