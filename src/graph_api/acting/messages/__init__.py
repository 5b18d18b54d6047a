"""Secure messages between the practice, its clients and their contacts (docs/messages.md)."""
