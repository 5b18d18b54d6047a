"""A client's ledger that staff are about to change: who does it, under which locks, in which currency (X1, X2)."""

from dataclasses import dataclass

from graph_api.acting.bylines import Author
from graph_api.acting.checked import staff_author
from graph_api.acting.payments.graph.writes import LedgerWrites, LockedLedger
from graph_api.acting.payments.money import Currency, currency_of
from graph_api.acting.payments.seen import Reader
from graph_api.kernel.caller import Caller
from graph_api.kernel.errors import Refused, invalid, not_found
from graph_api.kernel.transaction import Transaction
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person

NO_CURRENCY = "The practice has set no currency yet. An admin sets it with setCurrency."


@dataclass(frozen=True, slots=True)
class Opened:
    """A client whose ledger is locked."""

    author: Author
    client: Person
    ledger: LockedLedger
    currency: Currency
    reader: Reader
    """As whom staff see what comes of it."""


async def opened_by_staff(tx: Transaction, caller: Caller, client_id: str | None, *path: str) -> Opened:
    """Lock a client and their ledger for staff, who act by role: whatever features are on, for whoever was a client.

    Raises:
        Refused: NotFound where there is no such client; `currency.missing`.
    """
    if client_id is None:
        raise not_found(*path)
    await tx[PersonWrites].lock(client_id)
    client = (await tx[PersonWrites].by_ids(client_id)).get(client_id)
    if client is None or not client.is_client:
        raise not_found(*path)
    ledger = await tx[LedgerWrites].lock(client_id)
    return Opened(
        staff_author(caller), client, ledger, needed_currency(ledger, caller), Reader(caller.role, may_view=True)
    )


def needed_currency(ledger: LockedLedger, caller: Caller) -> Currency:
    """The practice's.

    Raises:
        Refused: `currency.missing`.
    """
    if ledger.currency is None:
        raise Refused([invalid("currency.missing", NO_CURRENCY)])
    return currency_of(ledger.currency, caller.practice.region)
