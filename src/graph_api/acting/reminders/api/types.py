"""Rules of reminders, preferences and plans in GraphQL."""

from datetime import datetime, time
from typing import Any

import strawberry

from graph_api.acting.appointments.api.settings.types import AppointmentType
from graph_api.acting.reminders import model as reminders_model
from graph_api.acting.reminders.api import enums as _enums  # noqa: F401 - makes them part of the schema
from graph_api.acting.reminders.model import ReminderChannel, ReminderStatus, SuppressionReason
from graph_api.kernel.rules import INSIDE, WRITERS, WRITERS_AND_ACCOUNTS
from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person
from graph_api.shapes.context import Info
from graph_api.shapes.node import VERSION, Node, is_a, readable_by, shown
from graph_api.shapes.nodes import NodeLoader


@readable_by(INSIDE)
@strawberry.type(description="How long before an appointment people are reminded of it, and by what")
class ReminderRule(Node):
    minutes_before: int = shown("Minutes before the start")
    channels: list[ReminderChannel] = shown("Channels of the reminders")
    is_active: bool = shown("Whether anybody is reminded by it")
    version: int | None = shown(VERSION, WRITERS)
    is_type_of = is_a(reminders_model.ReminderRule)

    @strawberry.field(
        description="The types of appointments that it is for; null for all", graphql_type=list[AppointmentType] | None
    )
    async def types(root: strawberry.Parent[Any], info: Info) -> Any:
        if not root.type_ids:
            return None
        found = await info.context[NodeLoader].load_many(list(root.type_ids))
        return [one for one in found if one is not None]


@readable_by(INSIDE)
@strawberry.type(description="Hours in which no reminders are sent, in the recipient's time zone")
class QuietHours:
    from_: time = strawberry.field(
        name="from", resolver=lambda root: root.from_time, graphql_type=time, description="When they begin"
    )
    to: time = strawberry.field(
        resolver=lambda root: root.to_time,
        graphql_type=time,
        description="When they end; if both times are equal, there are no quiet hours",
    )
    email: bool = shown("Whether they hold for e-mails, too")


@readable_by(WRITERS_AND_ACCOUNTS)
@strawberry.type(description="How somebody is reminded of appointments")
class ReminderPreferences:
    email: bool = shown("Whether the person wants e-mails")
    sms: bool = shown("Whether the person wants texts")
    time_zone: str | None = shown("IANA name of the person's time zone; null for the practice's")
    do_not_contact: bool = shown("Whether staff decided that the person is not reminded at all")
    is_opted_out_of_email: bool = shown("Whether the owner of the person's first e-mail address opted out")
    is_opted_out_of_sms: bool = shown("Whether the owner of the person's first phone number opted out")


async def _rule(root: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context[NodeLoader].load(root.rule_id)


async def _persons(root: strawberry.Parent[Any], info: Info) -> Any:
    found = await info.context[NodeLoader].load_many(list(root.person_ids))
    return [one for one in found if one is not None]


@readable_by(WRITERS)
@strawberry.type(description="A reminder of an appointment to one address: sent, or not sent with the reason")
class ReminderDelivery:
    rule: ReminderRule | None = strawberry.field(
        resolver=_rule,
        description="The rule; null if it is none of the practice's any more",
        graphql_type=ReminderRule | None,
    )
    channel: ReminderChannel = shown("The channel")
    masked_address: str | None = shown("Where, as `a***@example.com`; null if there is no address")
    persons: list[Person] = strawberry.field(
        resolver=_persons, description="The people this reminder is for", graphql_type=list[Person]
    )
    status: ReminderStatus = shown("How far it has come")
    reason: SuppressionReason | None = shown("Why it was not sent; null if it was")
    send_at: datetime = shown("When it was to be sent")
    sent_at: datetime | None = shown("When it was taken; null if it was not, or not yet")
    attempts: int = shown("How often it was handed over, or tried to be")


async def _contact(root: strawberry.Parent[Any], info: Info) -> Any:
    return None if root.contact_id is None else await info.context[NodeLoader].load(root.contact_id)


@readable_by(WRITERS)
@strawberry.type(description="Somebody who would be reminded of an appointment by a rule and a channel, or would not")
class ReminderPlanLine:
    rule: ReminderRule = shown("The rule")
    person: Person = shown("The client, or a contact")
    contact: Contact | None = strawberry.field(
        resolver=_contact, description="The contact; null for the client", graphql_type=Contact | None
    )
    channel: ReminderChannel = shown("The channel")
    masked_address: str | None = shown("Where, as `a***@example.com`; null if there is no address")
    send_at: datetime | None = shown("When; null if nothing is sent")
    reason: SuppressionReason | None = shown("Why nothing is sent; null if it is")
