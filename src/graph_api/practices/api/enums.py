"""Enums of practices, as the contract names and describes them."""

from graph_api.practices.model import PracticeFeature
from graph_api.shapes.enums import show

show(
    PracticeFeature,
    "PracticeFeature",
    "A feature that a practice may offer. Each can be switched off for the practice or for one client",
    PORTAL="The client portal; every action in it needs this",
    MESSAGING="Secure messages",
    PAYMENTS="Balances and payments",
    SCHEDULING="Appointments in the portal",
    REMINDERS="Appointment reminders",
)
