"""The schema put together, and how operations are answered."""
