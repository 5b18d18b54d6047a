"""Who sees an appointment, and who may hide one (A10)."""

from datetime import UTC, datetime

import pytest

from graph_api.acting.appointments.audience import Reader, is_seen, refuse_audience, seen_audiences
from graph_api.acting.appointments.model import RecordAudience
from graph_api.kernel.caller import ViewerRole
from graph_api.kernel.errors import Forbidden
from tests.acting.opening_cases import CLIENT, appointment
from tests.acting.refusals import reasons, refused

SHARED, CLIENT_ONLY = RecordAudience.SHARED, RecordAudience.CLIENT_ONLY
STAFF, ADMIN, ANALYST = (Reader(role) for role in (ViewerRole.STAFF, ViewerRole.ADMIN, ViewerRole.ANALYST))
OWN, CONTACT = (Reader(ViewerRole.PORTAL, person, True) for person in (CLIENT, "anna"))
DENIED = [Reader(ViewerRole.PORTAL, CLIENT), Reader(ViewerRole.PORTAL, "anna"), Reader(ViewerRole.PORTAL, None, True)]
THEN = datetime(2026, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (STAFF, {SHARED, CLIENT_ONLY}),
        (ADMIN, {SHARED, CLIENT_ONLY}),
        (ANALYST, {SHARED}),
        (OWN, {SHARED, CLIENT_ONLY}),
        (CONTACT, {SHARED}),
        *[(reader, set[RecordAudience]()) for reader in DENIED],
    ],
)
def test_a10_an_audience_is_seen_by_whom_it_is_for(reader: Reader, sees: set[RecordAudience]) -> None:
    assert seen_audiences(CLIENT, reader) == sees
    for audience in RecordAudience:
        assert is_seen(appointment(THEN, audience=audience), reader) == (audience in sees)


def test_a10_staff_and_the_client_may_hide_an_appointment() -> None:
    for reader, age in ((STAFF, 5), (ADMIN, None), (OWN, 13), (OWN, 14), (OWN, None)):
        refuse_audience(CLIENT_ONLY, CLIENT, reader, age, 13)
    for reader in (STAFF, OWN, CONTACT):
        refuse_audience(SHARED, CLIENT, reader, 5, 13)


def test_a10_a_client_below_the_age_of_privacy_may_not() -> None:
    assert reasons(lambda: refuse_audience(CLIENT_ONLY, CLIENT, OWN, 12, 13)) == ["audience.tooYoung"]
    refuse_audience(CLIENT_ONLY, CLIENT, OWN, 0, 0)


@pytest.mark.parametrize("reader", [CONTACT, ANALYST])
def test_a10_nobody_else_may(reader: Reader) -> None:
    assert [type(error) for error in refused(lambda: refuse_audience(CLIENT_ONLY, CLIENT, reader, None, 13))] == [
        Forbidden
    ]
