"""Before a new person is made: are they in the system already? (S5, S16, S18, D9)"""

from collections.abc import Sequence

from graph_api.domain.duplicates import Candidate, Match, judge, match_keys
from graph_api.domain.errors import ContactAlreadyExists, MutationWarning, NotFound, Refused, WarningCode, invalid
from graph_api.domain.ids import is_id
from graph_api.domain.model import ContactTerms, ExternalId, Person
from graph_api.domain.rules import Problems
from graph_api.services.ports import Writes

MAX_REJECTED = 500
MAX_CANDIDATES = 100
MAX_SHARING = 5_000
"""People who may share a new person's phones and e-mails: beyond it nobody could tell who is meant."""
MAX_SHOWN = 20


def check_rejected(ids: Sequence[str], problems: Problems) -> tuple[str, ...]:
    """notDuplicateOf, bounded; repeats stay, so that a problem's path has the index that was sent."""
    if len(ids) > MAX_REJECTED:
        problems.add("notDuplicateOf.tooMany", f"At most {MAX_REJECTED} people.", "notDuplicateOf")
    return tuple(ids)


async def require_rejected(tx: Writes, ids: Sequence[str]) -> None:
    """Whoever staff rejected must be a person of the practice.

    Raises:
        Refused: NotFound, for each id that is not.
    """
    known = await tx.people(*[person_id for person_id in ids if is_id("person", person_id)]) if ids else {}
    errors = [NotFound(path=("notDuplicateOf", str(n))) for n, person_id in enumerate(ids) if person_id not in known]
    if errors:
        raise Refused(errors)


async def refuse_duplicates(
    tx: Writes, new: Person, rejected: Sequence[str], client: Person | None = None, terms: ContactTerms | None = None
) -> tuple[MutationWarning, ...]:
    """Decide about `new` under the locks of its match keys, which this takes.

    Returns:
        A warning when others only share a phone or e-mail.

    Raises:
        Refused: ContactAlreadyExists with every candidate staff did not reject; an external id that is taken.
    """
    keys = match_keys(new)
    await tx.lock_match_keys(keys)
    sharing = await tx.sharing_match_keys(keys, MAX_SHARING + 1)
    if len(sharing) > MAX_SHARING:
        message = f"More than {MAX_SHARING} people have this phone number or e-mail address: leave it out."
        raise Refused([invalid("contactPoint.sharedTooWidely", message, "person")])
    verdict = judge(new, sharing, rejected=frozenset(rejected))
    if verdict.matches:
        candidates = await _candidates(tx, verdict.matches[:MAX_CANDIDATES], client, terms)
        raise Refused([ContactAlreadyExists(path=("person",), candidates=candidates)])
    await refuse_taken_external_ids(tx, new, new.external_ids, "person")
    return sharing_warnings(verdict.sharing, "person")


async def _candidates(
    tx: Writes, matches: tuple[Match, ...], client: Person | None, terms: ContactTerms | None
) -> tuple[Candidate, ...]:
    if client is None:
        return tuple(Candidate(match) for match in matches)
    existing = await tx.contacts_between([(client.id, match.person.id) for match in matches])
    return tuple(Candidate(m, client.id, existing.get((client.id, m.person.id)), terms) for m in matches)


async def refuse_taken_external_ids(tx: Writes, person: Person, external_ids: Sequence[ExternalId], *path: str) -> None:
    """An external id names one person.

    Raises:
        Refused: externalId.taken.
    """
    for external_id in external_ids:
        holder = await tx.external_id_holder(external_id)
        if holder is not None and holder != person.id:
            message = "Another person has this external id."
            raise Refused([invalid("externalId.taken", message, *path, "externalId")])


def sharing_warnings(people: Sequence[Person], *path: str) -> tuple[MutationWarning, ...]:
    """Families share phones and e-mails: staff are told by the first twenty, nothing is refused (D9)."""
    if not people:
        return ()
    message = "Others have the same phone number or e-mail address."
    return (
        MutationWarning(
            code=WarningCode.SHARED_CONTACT_POINT, message=message, path=path, persons=tuple(people[:MAX_SHOWN])
        ),
    )
