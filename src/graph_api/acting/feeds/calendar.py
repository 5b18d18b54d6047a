"""Appointments as iCalendar (RFC 5545, RFC 7986). All times are UTC, because a calendar knows its reader's zone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import icalendar

PRODUCT = "-//graph-api//calendar feed//EN"
REFRESH = timedelta(minutes=30)


class EventStatus(Enum):
    """STATUS of an event."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Event:
    """One appointment as a calendar shows it: neither its kind, nor with whom, nor where, nor a link."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    status: EventStatus
    summary: str
    created_at: datetime
    changed_at: datetime
    """What is alike is written alike, so a calendar is told that nothing has changed."""


def calendar_of(events: Iterable[Event], name: str) -> bytes:
    """A calendar of events, under a name."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", icalendar.vText(name))
    calendar.add("x-wr-calname", icalendar.vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    calendar.add_component(_utc())  # a calendar needs a component, and a feed may show no appointment
    for event in events:
        calendar.add_component(_component(event))
    content: bytes = calendar.to_ical()
    return content


def _utc() -> icalendar.Timezone:
    """The time zone that all times are in."""
    zone, standard = icalendar.Timezone(), icalendar.TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def _component(event: Event) -> icalendar.Event:
    found = icalendar.Event()
    found.add("uid", event.uid)
    found.add("sequence", event.sequence)
    found.add("dtstamp", event.changed_at)
    found.add("created", event.created_at)
    found.add("last-modified", event.changed_at)
    found.add("dtstart", event.starts_at)
    found.add("dtend", event.ends_at)
    found.add("summary", event.summary)
    found.add("status", event.status.value)
    found.add("class", "PRIVATE")
    found.add("transp", "TRANSPARENT" if event.status is EventStatus.CANCELLED else "OPAQUE")
    return found


def tag_of(content: bytes) -> str:
    """A strong entity tag of a calendar."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
