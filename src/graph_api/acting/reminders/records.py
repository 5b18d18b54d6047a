"""How the graph keeps what has to do with reminders."""

from graph_api.acting.reminders.model import Delivery, Preferences, QuietHours, ReminderRule
from graph_api.kernel.fields import Codec

RULE = Codec(ReminderRule)
QUIET = Codec(QuietHours)
"""On the Practice node."""
PREFERENCES = Codec(Preferences)
DELIVERY = Codec(Delivery)
