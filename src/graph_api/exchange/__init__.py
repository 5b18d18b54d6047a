"""Imports data from other systems."""
