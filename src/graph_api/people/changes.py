"""The changes of people that other concerns react to."""

from dataclasses import dataclass

from graph_api.kernel.reactions import Change
from graph_api.people.model import Person


@dataclass(frozen=True, slots=True)
class ContactPointsChanged(Change):
    """A person's fields were changed, their e-mail addresses perhaps among them; the person is locked."""

    before: Person
    after: Person
    path: tuple[str, ...]
    """Where in the input e-mail addresses stand."""


@dataclass(frozen=True, slots=True)
class ClientStatusChanged(Change):
    """A person became a client, or another kind of client; the person is locked."""

    before: Person
    after: Person


@dataclass(frozen=True, slots=True)
class PersonDied(Change):
    """A person's death was recorded; the person is locked, and their account if they have one."""

    person: Person
