"""Serves GraphQL over HTTP and finds out which caller asks."""
