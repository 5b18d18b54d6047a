"""How many statements appointments take; each is a flight to the database and back."""

import pytest

from tests.acting.cast import Cast
from tests.acting.clinic import SHOWN, Clinic, ahead, new_clinic
from tests.api import Installation

SESSION = ("portal/sessions/holder", "practices/by_slug")
"""Who asks: before anything else, and remembered for a while."""
OPENINGS = """query ($c: ID!, $t: ID!, $d: Date!) { openings(clientId: $c, typeId: $t, from: $d, days: 31, first: 100) {
  nodes { startsAt localStart timeZone practitioner { displayName } location { name } type { publicName } } } }"""
LIST = "query ($id: ID!) { person(id: $id) { appointments(first: 50) { nodes { id startsAt status version } } } }"
NAMED = f"query ($id: ID!) {{ person(id: $id) {{ appointments(first: 50) {{ nodes {{ {SHOWN} }} }} }} }}"


@pytest.fixture(scope="module")
async def clinic(installation: Installation) -> Clinic:
    return await new_clinic(installation)


async def sent(cast: Cast, who: str, query: str, **variables: object) -> list[str]:
    """The statements of one request, without those that say who asks.

    It is asked before: what was changed just now has a date ahead of the clock, and is read again until it has passed.
    """
    await cast.ask(who, query, **variables)
    with cast.installation.statements() as names:
        await cast.ask(who, query, **variables)
    return [name for name in names if name not in SESSION]


async def test_a2_openings_of_a_month_take_four(clinic: Clinic) -> None:
    variables = {"c": clinic.cast.ids["ben"], "t": clinic.types["book"], "d": ahead(1).date().isoformat()}
    expected = ["acting/openings/offered", "acting/openings/hours", "acting/appointments/taken"]
    assert await sent(clinic.cast, "staff", OPENINGS, **variables) == expected
    assert await sent(clinic.cast, "anna", OPENINGS, **variables) == ["access/pair", *expected]


async def test_a_booking_by_an_account_takes_thirteen(clinic: Clinic) -> None:
    with clinic.cast.installation.statements() as names:
        await clinic.book("anna", ahead(5))
    change = names[: names.index("audit/append") + 1]
    assert [name for name in change if name not in SESSION] == [
        "people/lock",
        "access/lock",
        "access/pair",
        "acting/openings/offered",
        "practitioners/lock",
        "acting/appointments/ahead",
        "acting/openings/hours",
        "acting/appointments/claimed_times",
        "access/of_client",
        "acting/appointments/create",
        "acting/reminders/plan",
        "acting/appointments/notify",
        "audit/append",
    ]


async def test_a_page_of_appointments_takes_one_beside_the_decision(clinic: Clinic) -> None:
    await clinic.book("anna", ahead(6))
    client = clinic.cast.ids["ben"]
    assert await sent(clinic.cast, "staff", LIST, id=client) == ["people/by_ids", "acting/appointments/of_client"]
    names = await sent(clinic.cast, "anna", LIST, id=client)
    assert [name for name in names if name != "access/of_person"] == ["people/by_ids", "acting/appointments/of_client"]
    names = await sent(clinic.cast, "staff", NAMED, id=client)
    assert names.count("acting/appointments/names") == 1


async def test_a7_a_series_of_a_year_is_one_transaction(clinic: Clinic) -> None:
    with clinic.cast.installation.statements() as names:
        await clinic.book("staff", ahead(7, 14), repeat={"everyWeeks": 1, "count": 52})
    # Run again, if it took longer than its stamp allowed for.
    assert names.count("acting/appointments/create") == names.count("audit/append") <= 3
    await clinic.check()
