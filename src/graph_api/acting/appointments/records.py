"""How the graph keeps what has to do with appointments."""

from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentType,
    Location,
    OpeningException,
    OpeningRule,
)
from graph_api.kernel.fields import Codec

LOCATION = Codec(Location)
APPOINTMENT_TYPE = Codec(AppointmentType)
OPENING_RULE = Codec(OpeningRule)
OPENING_EXCEPTION = Codec(OpeningException)
APPOINTMENT = Codec(Appointment)
