"""Compares the graph with the audit log."""
