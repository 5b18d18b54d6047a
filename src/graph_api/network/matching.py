"""Refusing a new person who is in the system already (S16, S18, D9)."""

from collections.abc import Sequence

from graph_api.kernel.errors import MutationWarning, Refused, invalid
from graph_api.kernel.transaction import Transaction
from graph_api.network.candidates import Candidate, ContactAlreadyExists
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import ContactTerms
from graph_api.people.duplicates import Match, judge, match_keys
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.matching import MAX_SHARING, refuse_taken_external_ids, sharing_warnings
from graph_api.people.model import Person

MAX_CANDIDATES = 100


async def refuse_duplicates(
    tx: Transaction,
    new: Person,
    rejected: Sequence[str],
    client: Person | None = None,
    terms: ContactTerms | None = None,
) -> tuple[MutationWarning, ...]:
    """Decide about `new` under the locks of its match keys, which this takes.

    Returns:
        A warning when others only share a phone or e-mail.

    Raises:
        Refused: ContactAlreadyExists with every candidate staff did not reject; an external id that is taken.
    """
    keys = match_keys(new)
    await tx[PersonWrites].lock_match_keys(keys)
    sharing = await tx[PersonWrites].sharing_match_keys(keys, MAX_SHARING + 1)
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
    tx: Transaction, matches: tuple[Match, ...], client: Person | None, terms: ContactTerms | None
) -> tuple[Candidate, ...]:
    if client is None:
        return tuple(Candidate(match) for match in matches)
    existing = await tx[ContactWrites].between_all([(client.id, match.person.id) for match in matches])
    return tuple(Candidate(m, client.id, existing.get((client.id, m.person.id)), terms) for m in matches)
