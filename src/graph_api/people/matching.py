"""Looks for duplicates before a new person is made (S5, S16, S18, D9)."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from graph_api.kernel.errors import MutationWarning, NotFound, Refused, WarningCode, invalid
from graph_api.kernel.flights import together
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.transaction import Transaction
from graph_api.people.duplicates import Candidate, ContactAlreadyExists, Match, judge, match_keys
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import ExternalId, Person

MAX_REJECTED = 500


MAX_SHARING = 5_000
"""The most people who may share a new person's phones and e-mails. Beyond it a match says nothing."""
MAX_SHOWN = 20


def check_rejected(ids: Sequence[str], problems: Problems) -> tuple[str, ...]:
    """notDuplicateOf, bounded; repeats stay, so that a problem's path has the index that was sent."""
    if len(ids) > MAX_REJECTED:
        problems.add("notDuplicateOf.tooMany", f"At most {MAX_REJECTED} people.", "notDuplicateOf")
    return tuple(ids)


async def require_rejected(tx: Transaction, ids: Sequence[str]) -> None:
    """Whoever staff rejected must be a person of the practice.

    Raises:
        Refused: NotFound, for each id that is not.
    """
    known = (
        await tx[PersonWrites].by_ids(*[person_id for person_id in ids if is_id("person", person_id)]) if ids else {}
    )
    errors = [NotFound(path=("notDuplicateOf", str(n))) for n, person_id in enumerate(ids) if person_id not in known]
    if errors:
        raise Refused(errors)


async def refuse_taken_external_ids(
    tx: Transaction, person: Person, external_ids: Sequence[ExternalId], *path: str
) -> None:
    """An external id names one person.

    Raises:
        Refused: externalId.taken.
    """
    _refuse_held(await tx[PersonWrites].holders(external_ids), person, *path)


def _refuse_held(holders: Collection[str], person: Person, *path: str) -> None:
    if set(holders) - {person.id}:
        message = "Another person has this external id."
        raise Refused([invalid("externalId.taken", message, *path, "externalId")])


def sharing_warnings(people: Sequence[Person], *path: str) -> tuple[MutationWarning, ...]:
    """Warn of shared phones and e-mails, naming the first twenty people. Families share, so nothing is refused (D9)."""
    if not people:
        return ()
    message = "Other people have the same phone number or e-mail address."
    return (
        MutationWarning(
            code=WarningCode.SHARED_CONTACT_POINT, message=message, path=path, persons=tuple(people[:MAX_SHOWN])
        ),
    )


Candidates = Callable[[Transaction, Sequence[Match]], Awaitable[tuple[Candidate, ...]]]
MAX_CANDIDATES = 100


async def _matches(_tx: Transaction, matches: Sequence[Match]) -> tuple[Candidate, ...]:
    return tuple(Candidate(match) for match in matches)


@dataclass(frozen=True, slots=True)
class Alike:
    """Who stands near a new person."""

    sharing: tuple[Person, ...]
    """Who has one of their phones or e-mails, or their name and birth date."""
    holders: frozenset[str]
    """Ids of those who have one of their external ids."""


async def find_alike(tx: Transaction, new: Person) -> Alike:
    """Look around for a person about to be added, under the locks of their match keys, which this takes."""
    keys = match_keys(new)
    tx[PersonWrites].lock_match_keys(keys)
    return Alike(
        *await together(
            tx[PersonWrites].sharing_match_keys(keys, MAX_SHARING + 1), tx[PersonWrites].holders(new.external_ids)
        )
    )


async def refuse_duplicates(
    tx: Transaction, new: Person, alike: Alike, rejected: Sequence[str], candidates: Candidates = _matches
) -> tuple[MutationWarning, ...]:
    """Decide about `new`.

    Args:
        tx: the transaction.
        new: the person about to be added.
        alike: what `find_alike` found.
        rejected: ids of people whom staff said they are not.
        candidates: how matches are shown to whoever adds them.

    Returns:
        A warning when others only share a phone or e-mail.

    Raises:
        Refused: ContactAlreadyExists with every candidate staff did not reject; an external id that is taken.
    """
    sharing = alike.sharing
    if len(sharing) > MAX_SHARING:
        message = f"More than {MAX_SHARING} people have this phone number or e-mail address. Omit it."
        raise Refused([invalid("contactPoint.sharedTooWidely", message, "person")])
    verdict = judge(new, sharing, rejected=frozenset(rejected))
    if verdict.matches:
        found = await candidates(tx, verdict.matches[:MAX_CANDIDATES])
        raise Refused([ContactAlreadyExists(path=("person",), candidates=found)])
    _refuse_held(alike.holders, new, "person")
    return sharing_warnings(verdict.sharing, "person")
