"""A client's confidential channel: an e-mail address or a phone that only staff and the client's own account see.

It stands beside the client's e-mails and phones, never among them: it is no way to find the client, proves no duplicate
and is shown to nobody else. One address can't be both, or what is confidential here would be open there.
"""

from dataclasses import replace
from typing import TypedDict

from graph_api.kernel.problems import Problems
from graph_api.people.contact_points import normalise_email, normalise_phone
from graph_api.people.model import Person


class ChannelFields(TypedDict, total=False):
    """What was sent; one that is missing is kept, None clears it."""

    email: str | None
    phone: str | None


def apply_channel(client: Person, fields: ChannelFields, region: str, problems: Problems) -> Person:
    """`client` with what was sent, normalised as their e-mails and phones are; what is wrong goes to `problems`."""
    email, phone = client.confidential_email, client.confidential_phone
    if "email" in fields:
        sent = fields["email"]
        email = None if sent is None else normalise_email(sent)
        if sent is not None and email is None:
            problems.add("email.invalid", "This is not an e-mail address.", "email")
    if "phone" in fields:
        sent = fields["phone"]
        phone = None if sent is None else normalise_phone(sent, region)
        if sent is not None and phone is None:
            problems.add("phone.impossible", "This is not a possible phone number.", "phone")
    changed = replace(client, confidential_email=email, confidential_phone=phone)
    if has_open_email(changed):
        message = "This is one of the client's e-mail addresses, which others can see. Remove it there first."
        problems.add("email.listed", message, "email")
    if has_open_phone(changed):
        message = "This is one of the client's phone numbers, which others can see. Remove it there first."
        problems.add("phone.listed", message, "phone")
    return changed


def refuse_open(person: Person, problems: Problems, *path: str) -> None:
    """A person's own e-mails and phones, which stand below `path`, hold nothing that is confidential."""
    message = "This is the client's confidential e-mail or phone. Clear it there before you list it here."
    if has_open_email(person):
        problems.add("email.confidential", message, *path, "emails")
    if has_open_phone(person):
        problems.add("phone.confidential", message, *path, "phones")


def has_open_email(person: Person) -> bool:
    """Whether the confidential address is among the others; upper and lower case are one mailbox."""
    confidential = person.confidential_email
    return confidential is not None and confidential.casefold() in {email.casefold() for email in person.emails}


def has_open_phone(person: Person) -> bool:
    """Whether the confidential number is among the others."""
    return person.confidential_phone is not None and person.confidential_phone in person.phones
