"""Quiet hours as a field of practices, reminders of appointments, and preferences of people."""

from typing import Any

import strawberry

from graph_api.acting.appointments.api.types import Appointment
from graph_api.acting.reminders.api.loaders import DeliveriesLoader, PreferencesLoader
from graph_api.acting.reminders.api.types import QuietHours, ReminderDelivery, ReminderPreferences
from graph_api.acting.reminders.reading import ReminderReading
from graph_api.kernel.rules import INSIDE, WRITERS, WRITERS_AND_OWN
from graph_api.people.api.types import Person
from graph_api.practices.api.types import Practice
from graph_api.shapes.context import Info
from graph_api.shapes.extending import extends
from graph_api.shapes.node import readable


@extends(Practice)
class PracticeReminders:
    @strawberry.field(
        description="When nobody is reminded; 21:00 to 08:00, of texts alone, until admins set it",
        graphql_type=QuietHours | None,
        metadata=readable(INSIDE),
    )
    async def quiet_hours(root: strawberry.Parent[Any], info: Info) -> Any:
        return (await info.context[ReminderReading].settings()).quiet


@extends(Appointment)
class AppointmentReminders:
    @strawberry.field(
        description="The reminders of the appointment that were sent, and those that were not, with the reason",
        graphql_type=list[ReminderDelivery] | None,
        metadata=readable(WRITERS),
    )
    async def deliveries(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[DeliveriesLoader].load(root.id)


@extends(Person)
class PersonReminders:
    @strawberry.field(
        description="How the person is reminded of appointments, their own and those of clients whose contact they are",
        graphql_type=ReminderPreferences | None,
        metadata=readable(WRITERS_AND_OWN),
    )
    async def reminder_preferences(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context[PreferencesLoader].load(root)
