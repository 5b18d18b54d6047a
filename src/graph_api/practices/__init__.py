"""The practices and their settings."""
