"""Parameters of the statements about portal accounts and mail."""

from typing import TYPE_CHECKING

from graph_api.access.graph.rows import account_key
from graph_api.engine.session import Row
from graph_api.kernel.rows import stamp
from graph_api.mail.graph import MAIL_PROPERTIES, mail_key, mail_row
from graph_api.mail.model import Delivery, DeliveryProblem, DeliveryStatus
from graph_api.portal.graph.accounts import ACCOUNT_PROPERTIES, account_row, address_key
from graph_api.portal.graph.invitations import (
    INVITATION_PROPERTIES,
    delivery_row,
    invitation_key,
    invitation_row,
    settled_row,
    token_key,
)
from graph_api.portal.invitation_model import InvitationStatus
from tests.contract.growing import MARKED, account_of, invitation_of, mail_of
from tests.contract.growth import Case

if TYPE_CHECKING:
    from tests.contract.statement_cases import Sample

SOME = 5


def account_cases(sample: "Sample") -> dict[str, Row]:
    """Those who are marked have an account; the others have none yet."""
    practice, person, other = sample.practice.id, sample.part.marked[0], sample.part.people[MARKED - 1]
    key, account = account_key(practice, person.id), account_of(person, sample.now)
    moved = account_row(practice, account.changed(sample.now, address=f"new-{account.address}"))
    whole = {"account": ACCOUNT_PROPERTIES}
    return {
        "portal/accounts/lock": {"key": key, "stamp": "x"} | whole,
        "portal/accounts/by_keys": {"keys": [account_key(practice, found.id) for found in sample.part.marked[:SOME]]}
        | whole,
        "portal/accounts/by_address": {"addressKey": address_key(practice, account.address)} | whole,
        "portal/accounts/addresses_of_contacts": {"clientId": person.id},
        "portal/accounts/create": {
            "personId": other.id,
            "account": account_row(practice, account_of(other, sample.now)),
        },
        "portal/accounts/replace": {"key": key, "account": moved},
    }


def outbox_cases(sample: "Sample") -> dict[str, Row]:
    """A mail that waits."""
    practice, now = sample.practice.id, stamp(sample.now)
    mail = mail_of(sample.part.marked[0])
    key = mail_key(practice, mail)
    return {
        "mail/outbox/add": {"key": key, "mail": mail_row(mail, sample.now)},
        "mail/outbox/claim": {"key": key, "now": now, "lease": "x", "until": now, "mail": MAIL_PROPERTIES},
        "mail/outbox/sent": {"key": key, "lease": "x"},
        "mail/outbox/postpone": {"key": key, "lease": "x", "dueAt": now, "failedAt": None, "attempts": 1},
    }


def invitation_cases(sample: "Sample") -> dict[str, Row]:
    """An invitation that is pending, and a contact who has none."""
    practice, contact, other = sample.practice.id, sample.part.contacts[0], sample.part.contacts[1]
    invitation, new = invitation_of(contact, sample.now), invitation_of(other, sample.now)
    key = invitation_key(practice, contact.id)
    whole = {"invitation": INVITATION_PROPERTIES}
    some = [invitation_key(practice, found.id) for found in sample.part.contacts[: SOME * MARKED : MARKED]]
    return {
        "portal/invitations/at_address": {
            "addressKey": address_key(practice, invitation.address),
            "now": stamp(sample.now),
        },
        "portal/invitations/by_keys": {"keys": some} | whole,
        "portal/invitations/by_token": {"tokenKey": token_key(practice, contact.id)} | whole,
        "portal/invitations/pending_of_client": {"clientId": contact.client.id} | whole,
        "portal/invitations/locked_of_person": {"personId": contact.person.id} | whole,
        "portal/invitations/pending_of_person": {"personId": contact.person.id} | whole,
        "portal/invitations/renew": {
            "personId": other.person.id,
            "key": invitation_key(practice, other.id),
            "invitation": invitation_row(practice, new),
        },
        "portal/invitations/seal": {
            "key": key,
            "id": invitation.id,
            "tokenKey": token_key(practice, "new"),
            "stamp": "x",
        },
        "portal/invitations/delivered": {
            "key": key,
            "delivery": delivery_row(Delivery(DeliveryStatus.DEFERRED, sample.now, DeliveryProblem.POLICY)),
        },
        "portal/invitations/settle": {"rows": [settled_row(practice, invitation.settled(InvitationStatus.REVOKED))]},
    }


def mail_cases(sample: "Sample") -> dict[str, Case]:
    """Mails of every practice."""
    return {
        "practices/mail_due": Case({"before": stamp(sample.now), "limit": 100}),
        "practices/mail_counts": Case({"limit": 1_000_000}),
        "practices/code_counts": Case({"since": stamp(sample.now), "often": 20, "limit": 1_000_000}),
    }
