"""Portal accounts as tests need them: there already, without an invitation."""

from datetime import UTC, datetime

from graph_api.access.model import AccountStatus
from graph_api.audit.changes import changes_between
from graph_api.audit.model import Actor
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.opening import make_auditor
from graph_api.people.graph.writes import PersonWrites
from graph_api.portal.audit import account_values
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from tests.api import Installation


async def give_account(
    installation: Installation,
    practice: Practice,
    person_id: str,
    address: str | None = None,
    *,
    status: AccountStatus = AccountStatus.ACTIVE,
    since: datetime | None = None,
) -> Account:
    """Give a person an account, of an address of their own where none is said; an active one if nothing else is.

    The audit log does not tell of it.
    """
    moment = since or datetime.now(UTC)
    owner = address or _own_address(person_id)
    account = Account(new_id("account"), person_id, owner, moment, moment, status)
    graph = Graph(GraphSession(installation.database), practice.id, moment.date())

    async def work(tx: Transaction) -> None:
        await tx[PersonWrites].lock(person_id)
        await tx[AccountWrites].create(account)

    await graph.write(work)
    return account


async def open_account(
    installation: Installation, practice: Practice, person_id: str, address: str | None = None
) -> Account:
    """Give a person an account as accepting an invitation does, without its mail: the audit log tells of it."""
    now = datetime.now(UTC)
    account = Account(new_id("account"), person_id, address or _own_address(person_id), now, now)
    changes = changes_between({}, account_values(account))
    done = Happened(EventKind.ACCOUNT_OPENED, person_id, changes=changes, reason="invitation", account_id=account.id)
    auditor = make_auditor(installation.settings)

    async def work(tx: Transaction) -> None:
        await tx[PersonWrites].lock(person_id)
        await tx[AccountWrites].create(account)
        await auditor.append(tx, Actor("anonymous", "portal"), [done], now)

    await Graph(GraphSession(installation.database), practice.id, now.date()).write(work)
    return account


def _own_address(person_id: str) -> str:
    return f"{person_id.removeprefix('person_')}@accounts.example"


async def account_of(installation: Installation, practice: Practice, person_id: str) -> Account | None:
    """The person's account as it is in the graph."""
    graph = Graph(GraphSession(installation.database), practice.id, datetime.now(UTC).date())

    async def work(tx: Transaction) -> Account | None:
        return await tx[AccountWrites].of(person_id)

    return await graph.write(work)


async def account_at(installation: Installation, practice: Practice, address: str) -> Account | None:
    """The account that an address opens, as it is in the graph."""
    graph = Graph(GraphSession(installation.database), practice.id, datetime.now(UTC).date())

    async def work(tx: Transaction) -> Account | None:
        return await tx[AccountWrites].at(address)

    return await graph.write(work)
