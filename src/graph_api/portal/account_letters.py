"""Writes the letters about an account: codes, kept as keyed hashes, and the notice that its address changed."""

from collections.abc import Mapping
from dataclasses import replace

from graph_api.kernel.transaction import Transaction
from graph_api.mail.model import Drop, Letter, MailKind, QueuedMail, Wait
from graph_api.mail.ports import Composer, Composing
from graph_api.people.graph.writes import PersonWrites
from graph_api.portal.account_commands import address_code_key, bound_to
from graph_api.portal.codes import answer_to, code_from, recent, sign_in_key, store_code, with_code
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.graph.codes import CodeWrites
from graph_api.portal.invitations import is_taken
from graph_api.portal.letters import address_changed_letter, address_code_letter, sign_in_letter


async def compose_sign_in_code(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | Wait | None:
    """A code for the account that the address opens; nothing, where it opens none that is active.

    Nothing either where another letter answers the asking: one that was written since, or that waits to be.
    """
    account = await tx[AccountWrites].at(mail.address)
    if account is None or not account.is_active:
        return None
    secret, now = composing.installation_secret, composing.now
    key = sign_in_key(secret, mail.address)
    kept = await tx[CodeWrites].lock(key)
    answer = answer_to(kept, mail.subject, composing.added_at, now)
    again = mail.subject in (kept.mailed_for, kept.next_for)
    asked = recent(kept.asked_at if again else (*kept.asked_at, composing.added_at), now)
    if isinstance(answer, Drop):
        await tx[CodeWrites].keep(key, replace(kept, asked_at=asked), now)
        return None
    if isinstance(answer, Wait):
        await tx[CodeWrites].keep(key, replace(kept, asked_at=asked, next_at=answer.until, next_for=mail.subject), now)
        return answer
    code = code_from(composing.secret)
    written = replace(
        kept,
        asked_at=asked,
        mailed_at=kept.mailed_at if kept.mailed_for == mail.subject else (*recent(kept.mailed_at, now), now),
        mailed_for=mail.subject,
        next_at=None,
        next_for=None,
        codes=with_code(kept.codes, store_code(secret, key, code, account, now), now),
    )
    await tx[CodeWrites].keep(key, written, now, fresh=True)
    return sign_in_letter(account.address, composing.practice.name, code)


async def compose_address_code(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """A code to the address that an account is to move to; to nobody, where the address is somebody else's."""
    account = await tx[AccountWrites].of(mail.subject)
    if account is None or not account.is_active or await is_taken(tx, account.person_id, mail.address, composing.now):
        return None
    key, secret, now = address_code_key(account.person_id), composing.installation_secret, composing.now
    kept = await tx[CodeWrites].lock(key)
    code = code_from(composing.secret)
    stored = store_code(secret, bound_to(key, mail.address), code, account, now)
    await tx[CodeWrites].keep(key, replace(kept, codes=(stored,)), now, fresh=True)
    return address_code_letter(mail.address, composing.practice.name, code)


async def compose_address_changed(tx: Transaction, mail: QueuedMail, composing: Composing) -> Letter | None:
    """To the address that the account had before; to nobody, once its owner has died."""
    person_id = mail.subject.split(" ")[0]
    owner = (await tx[PersonWrites].by_ids(person_id)).get(person_id)
    if owner is None or owner.death is not None:
        return None
    return address_changed_letter(mail.address, composing.practice.name)


ACCOUNT_COMPOSERS: Mapping[MailKind, Composer] = {
    MailKind.SIGN_IN_CODE: compose_sign_in_code,
    MailKind.ADDRESS_CODE: compose_address_code,
    MailKind.ADDRESS_CHANGED: compose_address_changed,
}
