"""Writes notices of messages when they are sent, for those who still have something to read or answer (M9)."""

from collections.abc import Mapping

from graph_api.access.decision import decide
from graph_api.access.graph.decisions import AccessWrites
from graph_api.access.model import AccountStatus, PortalAction
from graph_api.acting.messages.audience import Seat, Viewpoint
from graph_api.acting.messages.graph.writes import MessageWrites, ThreadWrites
from graph_api.acting.messages.notices import FRONT_DESK, viewpoint_of
from graph_api.kernel.transaction import Transaction
from graph_api.mail.letters import letter_of
from graph_api.mail.model import Letter, MailKind, QueuedMail
from graph_api.mail.ports import Composer, Composing
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import fold_address
from graph_api.practitioners.graph import PractitionerWrites


def message_letter(address: str, practice_name: str, portal_url: str) -> Letter:
    """To an account: there is something to read. It says of and for whom to nobody who may read the mailbox."""
    return letter_of(
        address,
        practice_name,
        "there is a new message for you",
        f"There is a new message for you in the portal of {practice_name}.",
        f"Sign in as usual to read it:\n\n{portal_url}",
    )


def staff_letter(address: str, practice_name: str) -> Letter:
    """To whoever of the staff is to answer."""
    return letter_of(
        address,
        practice_name,
        "a message waits for an answer",
        f"A message in the portal of {practice_name} waits for an answer.",
        "Open the inbox of secure messages to read it.",
    )


async def compose_message_notice(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """To an account that may read secure messages now and has not read all; to its address as it is now."""
    person_id = mail.subject
    grants = await tx[AccessWrites].of_person(person_id)
    views = [
        viewpoint_of(grant)
        for grant in grants
        if decide(grant.facts, PortalAction.READ_SECURE_MESSAGES, composing.now).allowed
    ]
    account = grants[0].facts.account if grants else None
    if account is None or account.status is not AccountStatus.ACTIVE or account.address is None or not views:
        return None
    shared = [
        view.client_id for view in views if view.seat is Seat.CLIENT and await _is_shared(tx, view, account.address)
    ]
    if not await tx[ThreadWrites].unread_threads(person_id, views, shared):
        return None
    await tx[MessageWrites].noticed(person_id, composing.now)
    return message_letter(account.address, composing.practice.name, composing.portal_url)


async def _is_shared(tx: Transaction, view: Viewpoint, address: str) -> bool:
    """Whether a contact of the client has their address: of what is the client's alone nothing goes there (M9)."""
    return fold_address(address) in await tx[AccountWrites].addresses_of_contacts(view.client_id)


async def compose_staff_notice(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """To the practice's address or a practitioner's, as it is now, while something waits for an answer."""
    who = mail.subject
    if who == FRONT_DESK:
        address, assigned_to = (await tx[ThreadWrites].settings()).staff_notice_email, None
    else:
        practitioner = (await tx[PractitionerWrites].by_ids([who])).get(who)
        address = practitioner.notice_email if practitioner is not None and practitioner.is_active else None
        assigned_to = who
    if address is None or not await tx[ThreadWrites].any_awaits(assigned_to):
        return None
    await tx[MessageWrites].noticed(who, composing.now)
    return staff_letter(address, composing.practice.name)


MESSAGE_COMPOSERS: Mapping[MailKind, Composer] = {
    MailKind.MESSAGE_NOTICE: compose_message_notice,
    MailKind.STAFF_MESSAGE_NOTICE: compose_staff_notice,
}
