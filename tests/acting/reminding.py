"""Reminders as tests need them: a worker of one practice, whose letters end in a list, at any moment."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from graph_api.acting.reminders.graph.planning import Plannings
from graph_api.acting.reminders.graph.sending import DueItem, Dues
from graph_api.acting.reminders.handing import Handing
from graph_api.acting.reminders.looking import Looking
from graph_api.acting.reminders.planning_again import PlanningAgain
from graph_api.acting.reminders.sending import ReminderReport, Reminding
from graph_api.engine.bolt import Database
from graph_api.kernel.caller import Practice
from graph_api.keys.secrets import installation_secret
from graph_api.mail.model import Letter, LetterDeferred
from graph_api.mail.ports import Transport
from graph_api.opening import make_auditor
from graph_api.sms.ports import NoGateway, SmsGateway
from tests.acting.clinic import Clinic
from tests.api import Installation
from tests.letters import Postbox

PREVIEW = """query ($id: ID!) { previewReminders(appointmentId: $id) {
  rule { minutesBefore } person { displayName } contact { id } channel maskedAddress sendAt reason } }"""


class DuesOf(Dues):
    """Of one practice alone: other tests' reminders are not ours to send."""

    def __init__(self, database: Database, practice: Practice) -> None:
        super().__init__(database)
        self._only = practice

    async def due(self, now: datetime, limit: int) -> list[DueItem]:
        """This practice's."""
        return [item for item in await super().due(now, 10_000) if item.practice_id == self._only.id][:limit]


class PlanningsOf(Plannings):
    """Of one practice alone."""

    def __init__(self, database: Database, practice: Practice) -> None:
        super().__init__(database)
        self._only = practice

    async def due(self, now: datetime, limit: int) -> list[Practice]:
        """This practice, where it is due."""
        return [found for found in await super().due(now, 10_000) if found.id == self._only.id][:limit]


class Died(BaseException):
    """Stands for the end of a worker, which nothing can catch."""


@dataclass
class DyingPostbox(Postbox):
    """Takes a letter, and its worker dies before it has noted it."""

    dies: bool = False
    fails_for: set[str] = field(default_factory=set)

    async def send(self, letter: Letter) -> None:
        """Keep it."""
        if letter.address in self.fails_for:
            raise LetterDeferred
        await super().send(letter)
        if self.dies:
            raise Died


@dataclass
class Reminded:
    """A practice's worker, and where its letters go."""

    worker: Reminding
    planning: PlanningAgain
    box: DyingPostbox
    moment: datetime | None = None

    def now(self) -> datetime:
        """The worker's clock."""
        return self.moment or datetime.now(UTC)

    async def at(self, moment: datetime) -> list[str]:
        """To whom letters go at a moment, in order."""
        self.moment = moment
        self.box.letters.clear()
        await self.worker.remind_due()
        return sorted(letter.address for letter in self.box.letters)

    async def plan(self, moment: datetime | None = None) -> int:
        """How many appointments are planned by changed rules."""
        self.moment = moment
        return await self.planning.plan_due()

    async def report(self, moment: datetime) -> ReminderReport:
        """What was done at a moment."""
        self.moment = moment
        return await self.worker.remind_due()


def reminded(
    installation: Installation,
    practice: Practice,
    public_url: str | None = None,
    gateway: SmsGateway | None = None,
    transport: Transport | None = None,
) -> Reminded:
    """Another worker, with a box of its own, or a mail server."""
    box, settings = DyingPostbox(), installation.settings
    secret = installation_secret(settings.data_dir, settings.secret_file)
    made: list[Reminded] = []

    def now() -> datetime:
        return made[0].now()

    gateway = gateway or NoGateway()
    looking = Looking(make_auditor(settings), gateway)
    planning = PlanningAgain(PlanningsOf(installation.database, practice), now)
    dues = DuesOf(installation.database, practice)
    handing = Handing(dues, transport or box, gateway, secret, public_url)
    worker = Reminding(dues, planning, looking, handing, now)
    made.append(Reminded(worker, planning, box))
    return made[0]


async def set_rules(clinic: Clinic, *rules: tuple[int, list[str]], **values: Any) -> dict[str, Any]:
    """The practice's rules from now on; the payload."""
    drafts = [{"minutesBefore": minutes, "channels": channels, **values} for minutes, channels in rules]
    return await clinic.cast.does("admin", "setReminderRules", "practice { id }", rules=drafts)


async def preview(clinic: Clinic, appointment_id: str, who: str = "staff") -> Any:
    """Who would be reminded."""
    return (await clinic.cast.ask(who, PREVIEW, id=appointment_id))["previewReminders"]
