"""What decisions rested on of people before, as the graph keeps it."""

from datetime import datetime

from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.rows import client_facts_row, death_facts_row
from graph_api.people.model import Person
from graph_api.practices.facts import FactKind, FactWrites


async def keep_client_facts(tx: Transaction, before: Person, valid_to: datetime) -> None:
    """Keep a client's; who was no client yet had none.

    Where it is not known since when they were so, it was at least since the person was last changed.
    """
    since = before.access_since or before.updated_at
    if before.is_client and since is not None:
        await tx[FactWrites].supersede(FactKind.CLIENT, before.id, client_facts_row(before), since, valid_to)


async def keep_death(tx: Transaction, before: Person, valid_to: datetime) -> None:
    """Keep what was said of a person's death."""
    death = before.death
    if death is not None:
        await tx[FactWrites].supersede(FactKind.PERSON, before.id, death_facts_row(death), death.since, valid_to)
