"""Who did something for a client, in words: one way for messages, appointments and payments (X3, X4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph_api.kernel.caller import Practice, ViewerRole
from graph_api.network.relationships import BY_RELATIONSHIP, Relationship

STAFF = "staff"
"""The side of all of the practice's staff: they share it."""
BY_CONTACT = "contact"
"""The reason of an event where a contact acted from their own account."""
ANOTHER_CONTACT = "another contact"


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it, by which edge: whatever is written for a client says it (X3).

    Names are read when it is shown, and the version of the edge never changes.
    When it was done is kept by what was written.
    """

    subject: str
    """The token's subject of staff; the account's id of everybody else."""
    role: ViewerRole
    person_id: str | None = None
    """Of whoever did it from an account; None for staff."""
    contact_id: str | None = None
    """Of the edge; None for staff and for the client themselves."""
    contact_version: int | None = None
    relationship: Relationship | None = None
    """What the contact was to the client by that version."""

    @property
    def side(self) -> str:
        """Staff, or the person: messages of one's own side are never unread."""
        return self.person_id or STAFF

    @property
    def reason(self) -> str:
        """Why they were allowed to act, as the audit log has it."""
        if self.side == STAFF:
            return "role"
        return "account" if self.contact_id is None else BY_CONTACT


@dataclass(frozen=True, slots=True)
class Names:
    """Names as they are now, read together with what they stand under."""

    practice: Practice
    client: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    """Display names by person id."""
    practitioners: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Id and display name of practitioners by the subject of their token."""


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline, and what it is about."""

    text: str
    person_id: str | None = None
    practitioner_id: str | None = None
    contact_id: str | None = None
    contact_version: int | None = None


def byline(author: Author, names: Names, *, to_staff: bool, own: str | None, is_hidden: bool = False) -> Byline:
    """The byline as a reader sees it.

    Args:
        author: who did it.
        names: of the people and practitioners it may name.
        to_staff: whether staff read it: they see the relationship, and by which edge it was done.
        own: the person of the account that reads it.
        is_hidden: whether another contact's name is not the reader's to know.
    """
    if author.person_id is None:
        practitioner = names.practitioners.get(author.subject)
        if practitioner is None:
            return Byline(names.practice.name)
        return Byline(practitioner[1], practitioner_id=practitioner[0])
    is_own = author.person_id == own
    if author.contact_id is None:
        return Byline(names.people.get(author.person_id, names.client), author.person_id)
    if is_hidden and not is_own and not to_staff:
        return Byline(ANOTHER_CONTACT)
    name = names.people.get(author.person_id, "")
    if to_staff and author.relationship is not None:
        name = f"{name} ({BY_RELATIONSHIP[author.relationship].display})"
    edge = (author.contact_id, author.contact_version) if to_staff or is_own else (None, None)
    return Byline(f"{name} for {names.client}", author.person_id, None, *edge)
