"""Locations, appointment types and hours in GraphQL."""
