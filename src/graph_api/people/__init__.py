"""The people of a practice, clients or not."""
