"""The people who work at a practice."""
