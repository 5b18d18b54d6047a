"""Who is told that there is a new message, and where (M9). Notices name the practice and nobody."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from graph_api.access.grants import PossibleGrant
from graph_api.access.model import AccountStatus, PortalAction
from graph_api.acting.bylines import STAFF, Author
from graph_api.acting.checked import allowed_at
from graph_api.acting.messages.audience import Seat, Viewpoint, is_visible
from graph_api.acting.messages.graph.writes import Desk, MessageWrites, Notice
from graph_api.acting.messages.model import MessageAudience, Thread
from graph_api.kernel.errors import MutationWarning, WarningCode
from graph_api.kernel.transaction import Transaction
from graph_api.mail.model import MailKind, QueuedMail
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import fold_address

WAITS = timedelta(minutes=2)
"""Several messages that are sent together are told of once."""
OF_NO_USE_AFTER = timedelta(days=3)
FRONT_DESK = "practice"
"""Stands for the practice's own address where staff are told; else it is the practitioner's id."""
NOT_TOLD = (
    "The client was not told of this message, because they have no portal account, or because a contact of theirs has "
    "the same e-mail address. Tell them in another way."
)


NOBODY = "Nobody but staff can read this conversation now. Tell the client in another way."


def viewpoint_of(grant: PossibleGrant) -> Viewpoint:
    """From where somebody looks who may read."""
    if grant.contact is None:
        return Viewpoint(Seat.CLIENT, grant.client.id, grant.person.id)
    return Viewpoint(Seat.CONTACT, grant.client.id, grant.person.id, grant.contact.messages_from)


def readers_of(thread: Thread, grants: Sequence[PossibleGrant], at: datetime) -> list[PossibleGrant]:
    """Who may read the thread then, besides staff."""
    return [
        grant
        for grant in grants
        if is_visible(thread, viewpoint_of(grant)) and allowed_at(grant, PortalAction.READ_SECURE_MESSAGES, at)
    ]


def shared_with(readers: Sequence[PossibleGrant]) -> tuple[MutationWarning, ...]:
    """Who reads what staff share, if anybody does."""
    if not readers:
        return ()
    message = "These people can read the conversation now, and so can contacts who are given access to messages later."
    persons = tuple(grant.person for grant in readers)
    return (MutationWarning(code=WarningCode.AUDIENCE, message=message, path=("audience",), persons=persons),)


async def tell(
    tx: Transaction, thread: Thread, author: Author, grants: Sequence[PossibleGrant], desk: Desk, now: datetime
) -> tuple[MutationWarning, ...]:
    """Have everybody told of a new message who reads it and did not write it; the thread and client are locked."""
    readers = readers_of(thread, grants, tx.stamp())
    told = [grant for grant in readers if grant.person.id != author.person_id]
    if thread.audience is MessageAudience.CLIENT_ONLY and told:
        taken = await tx[AccountWrites].addresses_of_contacts(thread.client_id)
        told = [grant for grant in told if fold_address(_address(grant) or "") not in taken]
    notices = [*_to_accounts(told, now), *_to_staff(thread, author, desk, now)]
    if notices:
        await tx[MessageWrites].notify(notices, now)
    if author.side == STAFF and thread.audience is MessageAudience.CLIENT_ONLY and not told:
        warning = MutationWarning(
            code=WarningCode.CLIENT_NOT_TOLD, message=NOT_TOLD, path=("audience",), persons=(grants[0].client,)
        )
        return (warning,)
    if author.side == STAFF and not readers:
        persons = (grants[0].client,)
        return (MutationWarning(code=WarningCode.CLIENT_NOT_TOLD, message=NOBODY, path=("audience",), persons=persons),)
    return ()


def _address(grant: PossibleGrant) -> str | None:
    account = grant.facts.account
    return None if account is None or account.status is not AccountStatus.ACTIVE else account.address


def _to_accounts(told: Sequence[PossibleGrant], now: datetime) -> Iterator[Notice]:
    for grant in told:
        address = _address(grant)
        if address is not None:
            yield _notice(grant.person.id, MailKind.MESSAGE_NOTICE, address, now)


def _to_staff(thread: Thread, author: Author, desk: Desk, now: datetime) -> Iterator[Notice]:
    """Staff who are to answer: the practitioner whose thread it is, else the front desk."""
    if author.side == STAFF:
        return
    assigned = desk.assigned_email is not None and thread.assigned_to is not None
    address = desk.assigned_email if assigned else desk.settings.staff_notice_email
    who = thread.assigned_to if assigned else FRONT_DESK
    if address is not None and who is not None:
        yield _notice(who, MailKind.STAFF_MESSAGE_NOTICE, address, now)


def _notice(who: str, kind: MailKind, address: str, now: datetime) -> Notice:
    return Notice(who, QueuedMail(kind, who, address, now + OF_NO_USE_AFTER), now + WAITS)
