"""A letter as an RFC 5322 message. Its headers tell no more than the letter does."""

import secrets
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import email_validator

from graph_api.kernel.text import one_line
from graph_api.mail.model import Letter

_POLICY = SMTP.clone(max_line_length=998)
"""Links stay in one piece."""


def message_of(letter: Letter, mail_from: str, now: datetime) -> EmailMessage:
    """The message; from our address, in the practice's name, which may be of a time when it could be any text."""
    message = EmailMessage(_POLICY)
    message["From"] = Address(display_name=one_line(letter.sender_name), addr_spec=sendable(mail_from))
    message["To"] = sendable(letter.address)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(now)
    name = letter.name or secrets.token_hex(16)
    message["Message-ID"] = f"<{name}@{sendable(mail_from).rpartition('@')[2]}>"
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="7bit" if letter.text.isascii() else "8bit")
    return message


def sendable(address: str) -> str:
    """With the domain as mail servers know it."""
    try:
        known = email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError:
        return address
    return known.ascii_email or address
