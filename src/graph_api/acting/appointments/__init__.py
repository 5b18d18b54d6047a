"""Appointments: when practitioners are open, and what is booked for clients."""
