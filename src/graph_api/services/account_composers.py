"""Who writes the letters about an account: codes, made here and kept as keyed hashes, and that its address changed."""

from collections.abc import Mapping

from graph_api.domain.accounts import Account
from graph_api.domain.codes import code_from, store_code
from graph_api.domain.letters import address_changed_letter, address_code_letter, sign_in_letter
from graph_api.domain.mail import Letter, MailKind, QueuedMail
from graph_api.services.account_changes import address_code_key, bound_to
from graph_api.services.invitations import is_taken
from graph_api.services.ports import Writes
from graph_api.services.ports_accounts import Composer, Composing


async def compose_sign_in_code(tx: Writes, mail: QueuedMail, composing: Composing) -> Letter | None:
    """A code for the account that the address opens; nothing, where it opens none that is active."""
    account = await tx.accounts.at(mail.address)
    if account is None or not account.is_active:
        return None
    code = await _keep(tx, mail.subject, mail.subject, account, composing)
    return sign_in_letter(account.address, composing.practice.name, code)


async def compose_address_code(tx: Writes, mail: QueuedMail, composing: Composing) -> Letter | None:
    """A code to the address that an account is to move to; to nobody, where the address is somebody else's."""
    account = await tx.accounts.of(mail.subject)
    if account is None or not account.is_active or await is_taken(tx, account.person_id, mail.address, composing.now):
        return None
    key = address_code_key(account.person_id)
    code = await _keep(tx, key, bound_to(key, mail.address), account, composing)
    return address_code_letter(mail.address, composing.practice.name, code)


async def compose_address_changed(tx: Writes, mail: QueuedMail, composing: Composing) -> Letter | None:
    """To the address that the account had before."""
    return address_changed_letter(mail.address, composing.practice.name)


async def _keep(tx: Writes, key: str, made_for: str, account: Account, composing: Composing) -> str:
    """A fresh code, kept under `key` in place of the one before."""
    code = code_from(composing.secret)
    await tx.codes.make(key, store_code(composing.installation_secret, made_for, code, account, composing.now))
    return code


ACCOUNT_COMPOSERS: Mapping[MailKind, Composer] = {
    MailKind.SIGN_IN_CODE: compose_sign_in_code,
    MailKind.ADDRESS_CODE: compose_address_code,
    MailKind.ADDRESS_CHANGED: compose_address_changed,
}
