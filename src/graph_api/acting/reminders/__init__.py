"""Reminders of appointments: once for each address, at a decent hour, never of what no longer holds."""
