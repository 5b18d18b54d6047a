"""The cases of data/reminders.yaml as situations."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from graph_api.access.facts import AccessFacts, EdgeFacts, PracticeFacts, facts_of_client
from graph_api.access.grants import PossibleGrant
from graph_api.acting.appointments.model import Appointment, AppointmentStatus, RecordAudience
from graph_api.acting.bylines import Author
from graph_api.acting.reminders.model import Preferences, QuietHours, ReminderChannel, ReminderRule
from graph_api.acting.reminders.planning import Address, PlanLine, Situation
from graph_api.kernel.caller import ViewerRole
from graph_api.network.model import ContactTerms
from graph_api.network.relationships import Relationship
from graph_api.people.model import ClientStatus, Death, Person
from graph_api.practices.model import ALL_FEATURES, PracticeFeature

Case = Mapping[str, Any]
_TABLE = yaml.safe_load((Path(__file__).parent / "data" / "reminders.yaml").read_text(encoding="utf-8"))
CASES: list[Case] = [_TABLE["base"] | case for case in _TABLE["cases"]]
RECORDED = datetime(2026, 3, 1, tzinfo=UTC)


def moment(text: str | datetime) -> datetime:
    """A moment in UTC."""
    found = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC)


def _day(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(value)


def _person(name: str, said: Case, *, is_client: bool) -> Person:
    return Person(
        f"person_{name}",
        name,
        birth_date=_day(said.get("born")),
        emails=tuple(said.get("email", "").split()),
        phones=tuple(said.get("phone", "").split()),
        client_status=ClientStatus[said.get("status", "ACTIVE")] if is_client else None,
        features_off=frozenset({PracticeFeature.REMINDERS}) if said.get("without") else frozenset(),
        confidential_email=said.get("secret"),
        confidential_phone=said.get("secretPhone"),
        death=Death(date(2026, 3, 1), RECORDED, RECORDED) if said.get("died") else None,
    )


def _grants(case: Case) -> list[PossibleGrant]:
    features = ALL_FEATURES - {PracticeFeature.REMINDERS} if case.get("practiceOff") else ALL_FEATURES
    practice = PracticeFacts(case["zone"], features, 18)
    client = _person("ben", case["client"], is_client=True)
    own = AccessFacts(practice, facts_of_client(client), is_self=True, death=client.death)
    grants = [PossibleGrant(own, client, client)]
    for name, said in case["contacts"].items():
        person = _person(name, said, is_client=False)
        terms = ContactTerms(
            Relationship[said.get("relationship", "FRIEND")],
            portal_access=bool(said.get("portal")),
            appointment_reminders=bool(said.get("toggle", True)),
            starts_on=_day(said.get("startsOn")),
            ends_on=_day(said.get("endsOn")),
        )
        facts = AccessFacts(practice, facts_of_client(client), EdgeFacts(terms), death=person.death)
        grants.append(PossibleGrant(facts, person, client, f"contact_{name}"))
    return grants


def _rule(text: str) -> ReminderRule:
    minutes, *words = text.split()
    channels = tuple(channel for channel in ReminderChannel if channel.value in words)
    types = tuple(word for word in words if word.startswith("type_"))
    return ReminderRule(f"reminder_{minutes}", int(minutes), channels, types, "off" not in words)


def _preferences(said: Case) -> Preferences:
    wants = said.get("wants")
    return Preferences(
        email=wants in (None, "EMAIL", "NOTHING"),
        sms=wants in (None, "SMS", "NOTHING"),
        time_zone=said.get("zone"),
        do_not_contact=wants == "NOTHING",
    )


def situation_of(case: Case) -> Situation:
    """All that decides."""
    grants, start = _grants(case), moment(case["start"])
    begins, ends = (time.fromisoformat(text) for text in case["quiet"].split("-"))
    people = {"ben": case["client"], **case["contacts"]}
    out = [text.split(" ") for text in case.get("optedOut", ())]
    contacts = [grant.person for grant in grants[1:]]
    addresses = [Address(ReminderChannel.EMAIL, email) for one in contacts for email in one.emails]
    addresses += [Address(ReminderChannel.SMS, phone) for one in contacts for phone in one.phones]
    appointment = Appointment(
        "appointment_1",
        "person_ben",
        "practitioner_1",
        "type_visit",
        "location_1",
        start,
        start + timedelta(minutes=50),
        f"{start:%Y-%m-%dT%H:%M}",
        "UTC",
        AppointmentStatus[case["status"]],
        Author("staff-1", ViewerRole.STAFF),
        RecordAudience[case["audience"]],
        held_until=start,
    )
    return Situation(
        appointment=appointment,
        rules=[_rule(text) for text in case["rules"]],
        quiet=QuietHours(begins, ends, case["quietEmail"]),
        practice_zone=ZoneInfo(case["zone"]),
        grants=grants,
        of_contacts=frozenset(one.folded for one in addresses),
        preferences={f"person_{name}": _preferences(said) for name, said in people.items()},
        opted_out=frozenset(
            (ReminderChannel[channel], Address(ReminderChannel[channel], value).folded) for channel, value in out
        ),
        has_gateway=case["gateway"],
        planned_start=None if case["planned"] is None else moment(case["planned"]),
    )


def said_of(lines: list[PlanLine], case: Case) -> dict[str, str]:
    """Each line as the table has it: with the channel and the rule where there are several."""
    channels = {line.channel for line in lines}
    rules = {line.rule.id for line in lines}
    said = {}
    for line in lines:
        words = [str(line.grant.person.given_name)]
        words += [line.channel.value] if len(channels) > 1 else []
        words += [str(line.rule.minutes_before)] if len(rules) > 1 else []
        said[" ".join(words)] = f"{line.send_at:%m-%dT%H:%M}" if line.reason is None else line.reason.value
    return said
