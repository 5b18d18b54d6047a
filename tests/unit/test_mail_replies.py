"""What a mail server's words mean for a letter: given up, or tried again, and why."""

import pytest

from graph_api.mail.model import DeliveryProblem, LetterDeferred, LetterRefused
from graph_api.mail.replies import of_the_letter

GIVEN_UP = {
    "550 5.1.1 <a@b.co>: Recipient address rejected: no such user": DeliveryProblem.MAILBOX_UNKNOWN,
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found": DeliveryProblem.MAILBOX_UNKNOWN,
    "550 5.2.1 The email account that you tried to reach is disabled": DeliveryProblem.MAILBOX_UNKNOWN,
    "550 no such user here": DeliveryProblem.MAILBOX_UNKNOWN,
    "553 mailbox name not allowed": DeliveryProblem.MAILBOX_UNKNOWN,
    "553 5.6.7 address needs SMTPUTF8": DeliveryProblem.NEEDS_SMTPUTF8,
    "554 5.6.0 message content rejected": DeliveryProblem.OTHER,
    "554 transaction failed": DeliveryProblem.OTHER,
    "550 5.4.1 Recipient address rejected: Access denied": DeliveryProblem.OTHER,
    "521 5.5.1 protocol error": DeliveryProblem.OTHER,
}
TRIED_AGAIN = {
    "550 5.4.5 Daily user sending limit exceeded": DeliveryProblem.SENDING_LIMIT,
    "552 5.2.2 mailbox full": DeliveryProblem.MAILBOX_FULL,
    "552 The mailbox you tried to reach is over quota": DeliveryProblem.MAILBOX_FULL,
    "550 5.3.2 system not accepting network messages": DeliveryProblem.SENDING_LIMIT,
    "552 5.3.4 Message size exceeds fixed maximum": DeliveryProblem.SENDING_LIMIT,
    "554 5.7.1 Service unavailable; blocked": DeliveryProblem.POLICY,
    "550 5.7.705 Access denied, tenant has exceeded threshold": DeliveryProblem.SENDING_LIMIT,
    "550 5.7.28 unusual rate of unsolicited mail": DeliveryProblem.SENDING_LIMIT,
    "550 too many messages, slow down": DeliveryProblem.SENDING_LIMIT,
    "451 4.7.1 Greylisted": DeliveryProblem.POLICY,
    "452 4.2.2 mailbox full": DeliveryProblem.MAILBOX_FULL,
    "421 try again later": DeliveryProblem.SENDING_LIMIT,
    "450 4.1.1 unverified address": DeliveryProblem.MAILBOX_UNKNOWN,
    "451 local error": DeliveryProblem.OTHER,
}


@pytest.mark.parametrize(("reply", "problem"), GIVEN_UP.items())
def test_what_will_never_pass_is_given_up(reply: str, problem: DeliveryProblem) -> None:
    found = of_the_letter(int(reply[:3]), reply[4:])
    assert isinstance(found, LetterRefused)
    assert found.problem is problem


@pytest.mark.parametrize(("reply", "problem"), TRIED_AGAIN.items())
def test_quotas_and_policies_are_tried_again(reply: str, problem: DeliveryProblem) -> None:
    found = of_the_letter(int(reply[:3]), reply[4:])
    assert isinstance(found, LetterDeferred)
    assert found.problem is problem


def test_no_word_of_the_server_is_passed_on() -> None:
    """They can hold addresses."""
    for reply in (*GIVEN_UP, *TRIED_AGAIN):
        assert str(of_the_letter(int(reply[:3]), f"{reply[4:]} lucia@example.org")) in DeliveryProblem.__members__
