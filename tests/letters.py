"""Mail as tests need it: a sender whose letters end in a list."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from graph_api.acting.appointments.letters import APPOINTMENT_COMPOSERS
from graph_api.acting.messages.letters import MESSAGE_COMPOSERS
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.kernel.caller import Practice
from graph_api.kernel.graph import Graph
from graph_api.keys.secrets import installation_secret
from graph_api.mail.model import Letter
from graph_api.mail.queues import Outbox
from graph_api.mail.sending import MailSender, SendReport
from graph_api.portal.invitation_letters import COMPOSERS, TRACKERS
from tests.api import Installation

PORTAL = "https://{practice}.portal.example"
TOKEN = re.compile(r"/invitation#(\S+)")


class OutboxOf(Outbox):
    """The outbox of one practice alone: other tests' mails are not ours to send."""

    def __init__(self, database: Database, practice: Practice) -> None:
        super().__init__(database)
        self._only = practice

    async def due(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """This practice's."""
        found = await super().due(now, 10_000)
        return [(practice, key) for practice, key in found if practice == self._only.id][:limit]

    def graph(self, practice: Practice) -> Graph:
        """Of this practice alone."""
        assert practice.id == self._only.id
        return Graph(GraphSession(self._database), practice.id, datetime.now(UTC).date())


@dataclass
class Postbox:
    """Takes letters, or fails as it is told."""

    letters: list[Letter] = field(default_factory=list)
    fails: Exception | None = None

    async def send(self, letter: Letter) -> None:
        """Keep it."""
        if self.fails is not None:
            raise self.fails
        self.letters.append(letter)

    @property
    def addresses(self) -> set[str]:
        """Who got something; nobody got two letters."""
        found = [letter.address for letter in self.letters]
        assert len(found) == len(set(found))
        return set(found)

    def to(self, address: str) -> list[Letter]:
        """What came to an address."""
        return [letter for letter in self.letters if letter.address == address]

    def token(self, address: str) -> str:
        """The token of the last invitation that came to an address."""
        return token_of(self.to(address)[-1])


def token_of(letter: Letter) -> str:
    """The token in an invitation's link."""
    found = TOKEN.search(letter.text)
    assert found is not None
    return found.group(1)


@dataclass
class Mail:
    """A practice's mail: its sender, and where its letters go."""

    sender: MailSender
    box: Postbox

    async def send(self) -> SendReport:
        """What is due."""
        return await self.sender.send_due()


def mail_of(
    installation: Installation, practice: Practice, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Mail:
    """The mail of a practice; each call is another sender with a box of its own."""
    box = Postbox()
    settings = installation.settings
    secret = installation_secret(settings.data_dir, settings.secret_file)
    outbox = OutboxOf(installation.database, practice)
    composers = {**COMPOSERS, **MESSAGE_COMPOSERS, **APPOINTMENT_COMPOSERS}
    return Mail(MailSender(outbox, box, composers, TRACKERS, PORTAL, secret, now), box)
