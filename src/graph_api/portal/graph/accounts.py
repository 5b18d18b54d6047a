"""Portal accounts in the graph."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph_api.access.graph.rows import account_key
from graph_api.engine.session import Row
from graph_api.kernel.door import Sealed
from graph_api.kernel.fields import Codec
from graph_api.kernel.graph import Reads
from graph_api.kernel.transaction import Writes
from graph_api.portal.graph.codes import code_key
from graph_api.portal.model import Account, fold_address
from graph_api.practices.facts import FactKind, FactWrites

ACCOUNT = Codec(Account)
ACCOUNT_PROPERTIES = list(ACCOUNT.names)


def address_key(practice_id: str, address: str) -> str:
    """Under which an address opens one account at most."""
    return f"{practice_id}|{fold_address(address)}"


def account_row(practice_id: str, account: Account) -> Row:
    """All of an Account node's properties but its practice, which the statement sets."""
    return {
        **ACCOUNT.row(account),
        "key": account_key(practice_id, account.person_id),
        "addressKey": address_key(practice_id, account.address),
    }


def account_from(record: list[Any]) -> Account:
    """A record of ACCOUNT_PROPERTIES as the account."""
    return ACCOUNT.of(record)


def addresses_of(rows: Sequence[Row]) -> frozenset[str]:
    """Folded e-mail addresses, and phones, of contacts and their accounts; an extension is at the same phone."""
    emails = (email for row in rows for email in (*(row["emails"] or ()), row["confidential"][0], *row["account"]))
    phones = (phone for row in rows for phone in (*(row["phones"] or ()), row["confidential"][1]))
    numbers = (phone.partition(";")[0] for phone in phones if phone is not None)
    return frozenset([*(fold_address(email) for email in emails if email is not None), *numbers])


class AccountReads(Reads):
    """Reads accounts of one practice."""

    async def of(self, person_ids: Sequence[str]) -> Sealed[dict[str, Account]]:
        """Accounts by person."""
        keys = [account_key(self._practice, person_id) for person_id in person_ids]
        rows = await self._session.read(
            "portal/accounts/by_keys", practice=self._practice, keys=keys, account=ACCOUNT_PROPERTIES
        )
        found = {account.person_id: account for account in (account_from(row["account"]) for row in rows)}
        return Sealed(found, list(found))

    async def addresses_of_contacts(self, client_id: str) -> frozenset[str]:
        """Where the client's contacts can be reached."""
        rows = await self._session.read_newest(
            "portal/accounts/addresses_of_contacts", practice=self._practice, clientId=client_id
        )
        return addresses_of(rows)

    async def asked(self, keys: Sequence[str]) -> dict[str, tuple[datetime, ...]]:
        """When codes were asked for, by key."""
        wanted = {code_key(self._practice, key): key for key in keys}
        rows = await self._session.read("portal/codes/asked", practice=self._practice, keys=list(wanted))
        return {wanted[row["key"]]: tuple(map(datetime.fromisoformat, row["askedAt"] or ())) for row in rows}


class AccountWrites(Writes):
    """Accounts inside a write transaction. Their locks come after people's and before match keys'."""

    def _first(self, rows: list[Row]) -> Account | None:
        """The account that was read, and when it was changed last."""
        if not rows:
            return None
        account = account_from(rows[0]["account"])
        self._stamps.note(account.since)
        return account

    async def lock(self, person_id: str) -> Account | None:
        """Take the lock of a person's account, and read it under it."""
        if self._tx.is_rehearsal:
            return await self.of(person_id)
        rows = await self._tx.run(
            "portal/accounts/lock",
            practice=self._practice,
            key=account_key(self._practice, person_id),
            stamp=self._lock,
            account=ACCOUNT_PROPERTIES,
        )
        return self._first(rows)

    async def of(self, person_id: str) -> Account | None:
        """A person's account."""
        keys = [account_key(self._practice, person_id)]
        rows = await self._tx.run(
            "portal/accounts/by_keys", practice=self._practice, keys=keys, account=ACCOUNT_PROPERTIES
        )
        return self._first(rows)

    async def at(self, address: str) -> Account | None:
        """The account that the address opens."""
        rows = await self._tx.run(
            "portal/accounts/by_address",
            practice=self._practice,
            addressKey=address_key(self._practice, address),
            account=ACCOUNT_PROPERTIES,
        )
        return self._first(rows)

    async def addresses_of_contacts(self, client_id: str) -> frozenset[str]:
        """Where the client's contacts can be reached; the client must be locked."""
        return addresses_of(
            await self._tx.run("portal/accounts/addresses_of_contacts", practice=self._practice, clientId=client_id)
        )

    async def create(self, account: Account) -> None:
        """A person's account."""
        row = account_row(self._practice, account)
        self._tx.later("portal/accounts/create", practice=self._practice, personId=account.person_id, account=row)

    async def replace(self, before: Account, after: Account) -> None:
        """A changed account; what it was is kept."""
        facts = {"status": before.status.value, "address": before.address}
        await self._tx[FactWrites].supersede(FactKind.ACCOUNT, before.person_id, facts, before.since, after.since)
        key = account_key(self._practice, before.person_id)
        row = account_row(self._practice, after)
        self._tx.later("portal/accounts/replace", practice=self._practice, key=key, account=row)
