"""The key by which coming of age is found: the practice, then a day, so that an index has them in order (D13)."""

from graph_api.people.model import ClientStatus, Person
from graph_api.people.names import FIELD_END, sort_key


def birth_key(practice_id: str, client: Person) -> str | None:
    """Where a client who is neither archived nor dead stands by birth date, then as in `clients`; None without one."""
    if (
        client.birth_date is None
        or client.death is not None
        or client.client_status not in (ClientStatus.ACTIVE, ClientStatus.INACTIVE)
    ):
        return None
    return FIELD_END.join((practice_id, client.birth_date.isoformat(), sort_key(client)))
