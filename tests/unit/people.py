"""People as hypothesis makes them up."""

from datetime import date

from hypothesis import strategies as st

from graph_api.people.model import Person

TODAY = date(2026, 3, 1)
text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
"""Any Unicode a name may hold."""
given = st.sampled_from(["Ana", "Ána", "A", "Ana María", "Bea", "B.", "María", "Ana-María", "O'Neil", "李", "?", ""])
family = st.sampled_from(
    ["García", "garcia", "García López", "López", "de la Cruz", "Cruz", "G", "O’Neil", "김", "-", ""]
)
emails = st.lists(st.sampled_from(["a@example.org", "A@example.org", "b@example.org"]), max_size=2).map(tuple)
phones = st.lists(st.sampled_from(["+442079460000", "+442079460001"]), max_size=2, unique=True).map(tuple)
birth_dates = st.none() | st.sampled_from([date(1990, 1, 1), date(1960, 1, 1), date(2004, 2, 29)])
ids = st.integers(0, 10**9).map(lambda number: f"person_{number:032x}")


def named(given_name: str | None, family_name: str | None, **fields: object) -> Person:
    """A person of that name."""
    return Person(f"person_{0:032x}", given_name, family_name, **fields)  # type: ignore[arg-type]  # any of its fields


people = st.builds(
    Person,
    id=ids,
    given_name=given | text,
    family_name=family | text,
    preferred_name=st.none() | given,
    birth_date=birth_dates,
    emails=emails,
    phones=phones,
)
