"""Maple Street's practitioners, and what Anna Moreno and staff wrote to each other: a thread of each audience."""

from dataclasses import dataclass

from graph_api.acting.messages.model import MessageAudience
from graph_api.acting.messages.settings_commands import MessagingFields
from graph_api.practitioners.fields import PractitionerFields

ACTOR = "demo"
STAFF_SUBJECT = f"{ACTOR}-staff"
"""Of the token with which GraphiQL's page acts as staff."""
WRITER = "maple-anna"
"""External id of the person whose portal account the demo opens: a client, and the contact of her children."""
INVITED_FOR = "maple-ben"
"""The client as whose contact she is invited."""

SETTINGS: MessagingFields = {
    "staff_notice_email": "front.desk@example.com",
    "messaging_notice": "We answer within two working days. In an emergency call 911.",
}
PRACTITIONERS: tuple[PractitionerFields, ...] = (
    {
        "display_name": "Dr. Ruth Okafor",
        "title": "Pediatrician",
        "subject": STAFF_SUBJECT,
        "notice_email": "r.okafor@example.com",
    },
    {"display_name": "Sam Lindqvist", "title": "Nurse", "notice_email": "s.lindqvist@example.com"},
)
"""The first one is whom the page's staff token names, so that messages of staff carry a name."""


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """What somebody wrote: staff, or else Anna."""

    body: str
    by_staff: bool = False


@dataclass(frozen=True, slots=True)
class DemoThread:
    """A thread by its subject line; whoever answers has read what was written before."""

    client: str
    subject: str
    audience: MessageAudience
    messages: tuple[DemoMessage, ...]
    assigned_to: str | None = None
    """The display name of a practitioner."""
    is_settled: bool = False
    """Whether it is done with, and Anna has read all of it."""


THREADS: tuple[DemoThread, ...] = (
    DemoThread(
        "maple-anna",
        "Allergy tablets",
        MessageAudience.CLIENT_ONLY,
        (
            DemoMessage("May I have the same allergy tablets again?"),
            DemoMessage("Yes. The pharmacy has the prescription.", by_staff=True),
        ),
        is_settled=True,
    ),
    DemoThread(
        "maple-ben",
        "Hearing test",
        MessageAudience.CONTACT_ONLY,
        (
            DemoMessage("Ben's school asks for the result of his hearing test. Could you send it to me?"),
            DemoMessage("His hearing is fine. The letter for the school is in the mail.", by_staff=True),
        ),
        assigned_to="Sam Lindqvist",
    ),
    DemoThread(
        "maple-ben",
        "Flu vaccine",
        MessageAudience.SHARED,
        (
            DemoMessage("This year's flu vaccine is here. Shall we vaccinate Ben at his next visit?", by_staff=True),
            DemoMessage("Yes, please. Is there anything that he should not do afterwards?"),
        ),
    ),
)
