"""Parameters of the statements about appointments, and what a growing practice has of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from graph_api.acting.appointments.claims import keys_of
from graph_api.acting.appointments.graph.hours import hours_params
from graph_api.acting.appointments.graph.rows import (
    ahead_bounds,
    appointment_row,
    client_scope,
    offered_params,
    practice_scope,
    taken_params,
)
from graph_api.acting.appointments.graph.settings import MAX_LOCATIONS, MAX_TYPES
from graph_api.acting.appointments.model import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    Location,
    OpeningException,
    OpeningRule,
    Weekday,
)
from graph_api.acting.appointments.records import (
    APPOINTMENT,
    APPOINTMENT_TYPE,
    LOCATION,
    OPENING_EXCEPTION,
    OPENING_RULE,
)
from graph_api.acting.bylines import Author
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.kernel.paging import after_scope
from graph_api.kernel.rows import stamp
from graph_api.mail.graph import mail_key, mail_row
from graph_api.mail.model import MailKind, QueuedMail
from graph_api.people.model import Person
from graph_api.people.records import NAME_PROPERTIES
from tests.contract.cases_practitioners import ONE_IN, practitioner_of

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

APPOINTMENTS = """
UNWIND $rows AS row
MATCH (c:Person {id: row.clientId})
CREATE (c)-[:HAS_APPOINTMENT]->(:Appointment {
  id: row.id, practice: row.practice, clientId: row.clientId, practitionerId: row.practitionerId, typeId: row.typeId,
  locationId: row.locationId, startsAt: row.startsAt, endsAt: row.endsAt, localStart: row.localStart,
  timeZone: row.timeZone, status: row.status, bookedBySubject: row.bookedBySubject, bookedByRole: row.bookedByRole,
  audience: row.audience, bufferBefore: row.bufferBefore, bufferAfter: row.bufferAfter, calendars: row.calendars,
  isOverbooked: row.isOverbooked, isLate: row.isLate, heldUntil: row.heldUntil, seriesId: row.seriesId,
  version: row.version, dayKey: row.dayKey, placeDayKey: row.placeDayKey, clientDayKey: row.clientDayKey,
  clientKey: row.clientKey, timeKey: row.timeKey, sweepKey: row.sweepKey, requestKey: row.requestKey})
"""
TIMES = """
UNWIND $rows AS row
CREATE (:BookedTime {key: row.key, practice: row.practice, appointmentId: row.appointmentId})
"""
SETTINGS = """
UNWIND $rows AS row
CREATE (:Location {id: row.location, practice: row.practice, name: 'Room', isTelehealth: false, isExclusive: true,
  isActive: true, version: 1})
CREATE (:AppointmentType {id: row.type, practice: row.practice, name: 'Visit', publicName: 'Visit', minutes: 50,
  gridMinutes: 15, bufferBefore: 0, bufferAfter: 0, portal: 'BOOK', minNoticeHours: 24, maxAheadDays: 90,
  changeNoticeHours: 24, lateCancel: false, practitionerIds: row.practitionerIds, locationIds: [row.location],
  isActive: true, version: 1})
CREATE (:OpeningRule {id: row.rule, practice: row.practice, practitionerId: row.practitionerIds[0], weekday: 'MONDAY',
  locationId: row.location, startsOn: '2026-01-05', from: '09:00', to: '12:00', everyWeeks: 1})
CREATE (:OpeningException {id: row.exception, practice: row.practice, practitionerId: row.practitionerIds[0],
  day: '2026-12-25', isOpen: false, dayKey: row.practice + '|' + row.practitionerIds[0] + '|2026-12-25'})
"""
APPOINTMENTS_MAY_GROW = dict.fromkeys(
    ("acting/locations/list", "acting/locations/total", "acting/types/list", "acting/types/total"),
    "all of a practice's are asked for, and there are few",
)
SOME = 5
HOURS = 40 * 24
FIRST = datetime(2027, 1, 4, 8, tzinfo=UTC)
STAFF = Author("staff-1", ViewerRole.STAFF)


def _mark(person: Person) -> str:
    return person.id.removeprefix("person_")


def appointment_of(person: Person, now: datetime) -> Appointment:
    """A request of somebody who is marked, with a practitioner and at a place of their own."""
    mark = _mark(person)
    start = FIRST + timedelta(hours=int(mark[:6], 16) % HOURS)
    return Appointment(
        f"appointment_{mark}",
        person.id,
        f"practitioner_{mark}",
        f"type_{mark}",
        f"location_{mark}",
        start,
        start + timedelta(minutes=50),
        f"{start:%Y-%m-%dT%H:%M}",
        "UTC",
        AppointmentStatus.REQUESTED,
        STAFF,
        calendars=(f"practitioner_{mark}", f"location_{mark}"),
        held_until=start,
        series_id=f"series_{mark}",
        created_at=now,
        updated_at=now,
    )


def appointment_rows(practice: Practice, people: Sequence[Person], now: datetime) -> list[Row]:
    """As they are stored."""
    return [appointment_row(practice.id, appointment_of(one, now)) | {"practice": practice.id} for one in people]


def time_rows(practice: Practice, people: Sequence[Person], now: datetime) -> list[Row]:
    """The time that they claim."""
    found = [appointment_of(one, now) for one in people]
    return [
        {"key": key, "practice": practice.id, "appointmentId": one.id}
        for one in found
        for key in sorted(keys_of(practice.id, one))
    ]


def setting_rows(practice: Practice, people: Sequence[Person], now: datetime) -> list[Row]:
    """A place, a type and hours of each practitioner."""
    return [
        {
            "practice": practice.id,
            "location": f"location_{_mark(one)}",
            "type": f"type_{_mark(one)}",
            "rule": f"rule_{_mark(one)}",
            "exception": f"exception_{_mark(one)}",
            "practitionerIds": [practitioner_of(one, now).id],
        }
        for one in people[::ONE_IN]
    ]


def setting_cases(sample: "Sample") -> dict[str, Row]:
    """Of locations, types and hours, by statement."""
    people, practice = sample.part.marked[::ONE_IN][:SOME], sample.practice.id
    marks = [_mark(one) for one in people]
    practitioners = [f"practitioner_{mark}" for mark in marks]
    location, kind = Location("location_new", "Room"), AppointmentType("type_new", "Visit", "Visit", 50)
    day, at = FIRST.date(), FIRST.time()
    exception = OpeningException("exception_new", practitioners[0], day, False)
    rule = OpeningRule("rule_new", practitioners[0], Weekday.MONDAY, "location_new", day, at, at)
    return {
        "acting/openings/hours": hours_params(practice, practitioners, [day]),
        "acting/openings/drop_rules": {"practitionerId": practitioners[0]},
        "acting/openings/add_rules": {"rows": [OPENING_RULE.row(rule)]},
        "acting/openings/add_exception": {"exception": OPENING_EXCEPTION.row(exception) | {"dayKey": "x"}},
        "acting/openings/drop_exception": {"id": f"exception_{marks[0]}"},
        "acting/openings/exceptions_by_ids": {
            "ids": [f"exception_{mark}" for mark in marks],
            "exception": list(OPENING_EXCEPTION.names),
        },
        "acting/openings/offered": offered_params(practice, people[0].id, f"type_{marks[0]}"),
        **_of_folder(
            "acting/locations",
            "location",
            marks,
            LOCATION.row(location),
            list(LOCATION.names),
            MAX_LOCATIONS,
        ),
        **_of_folder(
            "acting/types",
            "type",
            marks,
            APPOINTMENT_TYPE.row(kind),
            list(APPOINTMENT_TYPE.names),
            MAX_TYPES,
        ),
    }


def _of_folder(
    folder: str, one: str, marks: Sequence[str], row: dict[str, Any], names: list[str], most: int
) -> dict[str, Row]:
    ids, whole = sorted(f"{one}_{mark}" for mark in marks), {one: names}
    return {
        f"{folder}/by_ids": {"ids": ids} | whole,
        f"{folder}/list": {"limit": most} | whole,
        f"{folder}/total": {},
        f"{folder}/lock": {"ids": ids, "stamp": "x"} | whole,
        f"{folder}/create": {one: row},
        f"{folder}/replace": {"id": ids[0], one: row | {"id": ids[0]}},
    }


def appointment_cases(sample: "Sample") -> dict[str, Row]:
    """Of appointments, by statement."""
    practice, people, now = sample.practice.id, sample.part.marked[:SOME], sample.now
    known = [appointment_of(one, now) for one in people]
    whole, first = {"appointment": list(APPOINTMENT.names)}, known[0]
    ids, scope = sorted(one.id for one in known), client_scope(practice, first.client_id)
    listed = {"above": scope, "below": after_scope(scope), "size": 11, "audiences": ["SHARED"]}
    every, until = practice_scope(practice), stamp(FIRST + timedelta(hours=HOURS))
    keys = sorted(keys_of(practice, first))
    days, calendars = [first.starts_at.date()], [one.practitioner_id for one in known]
    fresh = appointment_row(practice, first) | {"id": "appointment_new"}
    ahead = {"subject": "staff-1", "status": "REQUESTED", "now": stamp(now), "size": 16} | ahead_bounds(
        practice, first.client_id, now
    )
    taken = taken_params(practice, days, calendars, [one.location_id for one in known], first.client_id)
    mails = [QueuedMail(MailKind.APPOINTMENT_NOTICE, one.id, "ana@example.org") for one in known]
    return {
        "acting/appointments/by_ids": {"ids": ids} | whole,
        "acting/appointments/lock": {"ids": ids, "stamp": "x"} | whole,
        "acting/appointments/taken": taken,
        "acting/appointments/create": {
            "clientId": first.client_id,
            "rows": [{"appointment": fresh, "keys": [f"{practice}|new"]}],
        },
        "acting/appointments/update": {"rows": [{"id": first.id, "changes": {"version": 2}}]},
        "acting/appointments/claim_times": {"appointmentId": first.id, "keys": [f"{practice}|more"]},
        "acting/appointments/release_times": {"rows": [{"key": key, "appointmentId": first.id} for key in keys]},
        "acting/appointments/claimed_times": {"keys": keys}
        | {name: taken[name] for name in ("clientDays", "statuses", "appointment")},
        **dict.fromkeys(
            ("acting/appointments/of_client", "acting/appointments/of_client_backward"),
            listed | {"statuses": ["REQUESTED"], "now": stamp(now)} | whole,
        ),
        "acting/appointments/of_series": {"seriesId": str(first.series_id)} | whole,
        "acting/appointments/ahead": ahead | whole,
        "acting/appointments/agenda": {"above": every, "below": every + until, "size": 11}
        | {"practitionerIds": None, "locationIds": None}
        | whole,
        "acting/appointments/requests": {"above": every, "below": after_scope(every), "size": 11} | whole,
        "acting/appointments/names": {
            "ids": [one.id for one in people],
            "subjectKeys": [f"{practice}|staff-1"],
            "person": list(NAME_PROPERTIES),
        },
        "acting/appointments/privacy_age": {},
        "acting/appointments/past": {"above": every, "below": every + until, "limit": 11},
        "acting/appointments/starts": {"above": every, "below": every + until, "limit": 11},
        "acting/appointments/any_of_practitioner": {
            "above": f"{practice}|{known[0].practitioner_id}|",
            "below": after_scope(f"{practice}|{known[0].practitioner_id}|"),
            "now": stamp(now),
        },
        "acting/appointments/notify": {
            "rows": [{"mailKey": mail_key(practice, mail), "mail": mail_row(mail, now)} for mail in mails]
        },
    }
