"""Candidates for a new contact, each with the edge to the client if there is one (S16, S18)."""

from collections.abc import Sequence

from graph_api.kernel.transaction import Transaction
from graph_api.network.candidates import NetworkCandidate
from graph_api.network.graph.writes import ContactWrites
from graph_api.network.model import ContactTerms
from graph_api.people.duplicates import Candidate, Match
from graph_api.people.matching import Candidates
from graph_api.people.model import Person


def candidates_for(client: Person, terms: ContactTerms) -> Candidates:
    """Matches as whoever adds a new contact to the client's network sees them."""

    async def candidates(tx: Transaction, matches: Sequence[Match]) -> tuple[Candidate, ...]:
        existing = await tx[ContactWrites].between_all([(client.id, match.person.id) for match in matches])
        return tuple(NetworkCandidate(m, client.id, existing.get((client.id, m.person.id)), terms) for m in matches)

    return candidates
