"""Commands on a portal account that exists: signing out, changing the address, disabling it."""

from dataclasses import dataclass, replace
from datetime import datetime

from graph_api.access.model import AccountStatus
from graph_api.kernel.caller import Caller
from graph_api.kernel.errors import Refused, invalid, not_found
from graph_api.kernel.happened import EventKind, FieldChange, Happened
from graph_api.kernel.ids import is_id
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import clean_reason
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request, unchecked
from graph_api.mail.graph import OutboxWrites
from graph_api.mail.model import MailKind, QueuedMail
from graph_api.people.commands import reload_person
from graph_api.people.contact_points import normalise_email
from graph_api.people.graph.writes import PersonWrites
from graph_api.people.model import Person
from graph_api.portal.changes import AccountClosed
from graph_api.portal.codes import CODE_LASTS, MAX_TYPED, right_code
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.codes import CodeWrites
from graph_api.portal.graph.sessions import SessionWrites
from graph_api.portal.invitations import is_taken, tell_old_address, withdraw_of_person
from graph_api.portal.model import Account, fold_address
from graph_api.portal.session_model import SessionEnd
from graph_api.portal.signing_in import note_asked

CODE_REFUSED = invalid("code.refused", "This code is not valid for this address. Ask for a new one.", "code")
ADDRESS_TAKEN = invalid(
    "account.addressTaken", "This address already opens another account. Choose another address.", "email"
)
NO_ACCOUNT = invalid("account.missing", "This person has no portal account.", "personId")


def address_code_key(person_id: str) -> str:
    """Under which the code for a new address of an account is kept."""
    return f"address|{person_id}"


def bound_to(key: str, address: str) -> str:
    """What a code is made for: it holds for one address alone."""
    return f"{key}|{fold_address(address)}"


async def close_account(tx: Transaction, account: Account, now: datetime) -> None:
    """Disable an active account that is locked: its sessions end, and its codes open nothing (they hold as it was)."""
    await tx[AccountWrites].replace(account, account.changed(tx.stamp(), status=AccountStatus.DISABLED))
    await tx[SessionWrites].end_all(account, now, SessionEnd.DISABLED)


async def locked_own_account(tx: Transaction, caller: Caller) -> Account:
    """The caller's account, locked after its person; a session that ended meanwhile does nothing.

    Raises:
        Refused: the account was disabled, or the session ended, since the request began.
    """
    person_id = caller.person_id or ""
    await tx[PersonWrites].lock(person_id)
    account = await tx[AccountWrites].lock(person_id)
    locked = None if caller.session_id is None else await tx[SessionWrites].lock(caller.session_id)
    holds = locked is not None and locked.session.ended_at is None
    if account is None or account.id != caller.subject or not account.is_active or not holds:
        raise Refused([invalid("session.ended", "The session has ended. Sign in again.")])
    return account


@dataclass(frozen=True, slots=True)
class _NewAddress:
    address: str
    code: str | None


class AccountService:
    """Mutations of accounts."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit
        self._secret = scope.secret

    async def sign_out(self, request: Request, *, everywhere: bool) -> Outcome[Person]:
        """End the caller's session, or all of their account."""

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Person]:
            account = await locked_own_account(tx, self._unit.caller)
            if everywhere:
                await tx[SessionWrites].end_all(account, now, SessionEnd.SIGNED_OUT)
            elif self._unit.caller.session_id is not None:
                await tx[SessionWrites].end(self._unit.caller.session_id, now, SessionEnd.SIGNED_OUT)
            scope = FieldChange("everywhere", None, str(everywhere).lower())
            return Outcome(
                events=(Happened(EventKind.SIGN_OUT, account.person_id, changes=(scope,), reason="account"),)
            )

        return await self._unit.run(request, unchecked, change, reload_person)

    async def change_address(self, request: Request, email: str, code: str | None) -> Outcome[Person]:
        """Without a code, mail one to the new address; with it, move the account there and end all its sessions.

        Whether the address opens another account is told only to whoever reads its mail: the first step answers alike.
        """

        def check() -> _NewAddress:
            problems = Problems()
            address = normalise_email(email)
            if address is None:
                problems.add("email.invalid", "This is not an e-mail address.", "email")
            problems.refuse()
            return _NewAddress(address or "", code)

        async def change(tx: Transaction, new: _NewAddress, now: datetime) -> Outcome[Person]:
            account = await locked_own_account(tx, self._unit.caller)
            if fold_address(new.address) == fold_address(account.address):
                raise Refused([invalid("account.addressUnchanged", "This is already the account's address.", "email")])
            step = self._move if new.code is not None else self._mail_code
            return await step(tx, account, new, now)

        return await self._unit.run(request, check, change, reload_person)

    async def _mail_code(self, tx: Transaction, account: Account, new: _NewAddress, now: datetime) -> Outcome[Person]:
        mail = QueuedMail(MailKind.ADDRESS_CODE, account.person_id, new.address, now + CODE_LASTS)
        await tx[OutboxWrites].add(mail, now)  # before the code, as senders do
        await note_asked(tx, address_code_key(account.person_id), now)
        event = Happened(EventKind.CHANGE_ACCOUNT_ADDRESS_CODE_ASKED, account.person_id, reason="account")
        return Outcome(events=(event,))

    async def _move(self, tx: Transaction, account: Account, new: _NewAddress, now: datetime) -> Outcome[Person]:
        key = address_code_key(account.person_id)
        tried, typed = await tx[CodeWrites].try_one(key), (new.code or "")[:MAX_TYPED]
        right = right_code(self._secret, bound_to(key, new.address), tried.codes, tried.count, typed, now)
        if right is None or right.account_since != account.since:
            return Outcome(errors=(CODE_REFUSED,))
        if await is_taken(tx, account.person_id, new.address, now):
            raise Refused([ADDRESS_TAKEN])
        at = tx.stamp()
        await tx[CodeWrites].keep(key, replace(await tx[CodeWrites].lock(key), codes=()), now)
        await tx[AccountWrites].replace(account, account.changed(at, address=new.address))
        await tx[SessionWrites].end_all(account, now, SessionEnd.ADDRESS_CHANGED)
        await tell_old_address(tx, account, at, now)
        moved = FieldChange("address", account.address, new.address)
        event = Happened(EventKind.CHANGE_ACCOUNT_ADDRESS, account.person_id, changes=(moved,), reason="code")
        return Outcome(events=(event,))

    async def disable(self, request: Request, person_id: str, reason: str | None) -> Outcome[Person]:
        """Close a person's account: its sessions end and its pending codes open nothing. An invitation reopens it."""

        def check() -> str | None:
            if not is_id("person", person_id):
                raise not_found("personId")
            return clean_reason(reason)

        async def change(tx: Transaction, why: str | None, now: datetime) -> Outcome[Person]:
            await tx[PersonWrites].lock(person_id)
            person = (await tx[PersonWrites].by_ids(person_id)).get(person_id)
            if person is None:
                raise not_found("personId")
            account = await tx[AccountWrites].lock(person_id)
            if account is None:
                raise Refused([NO_ACCOUNT])
            if not account.is_active:
                return Outcome(person)
            await close_account(tx, account, now)
            told = await self._unit.tell(tx, AccountClosed(person_id), now)
            withdrawn = await withdraw_of_person(tx, person_id)
            changes = [FieldChange("status", account.status.value, AccountStatus.DISABLED.value)]
            if why is not None:
                changes.append(FieldChange("reason", None, why))
            return Outcome(
                person,
                warnings=told.warnings,
                events=(
                    Happened(EventKind.DISABLE_ACCOUNT, person_id, changes=tuple(changes)),
                    *told.events,
                    *withdrawn,
                ),
            )

        return await self._unit.run(request, check, change, reload_person)
