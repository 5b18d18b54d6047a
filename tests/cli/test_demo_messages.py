"""Maple Street's threads: put beside what an earlier demo made, and never twice."""

import asyncio
import json
from pathlib import Path

import pytest

from graph_api.acting.appointments.model import AppointmentStatus
from graph_api.acting.reminders.commands import ReminderService
from graph_api.acting.reminders.fields import RuleDraft
from graph_api.acting.reminders.model import ReminderChannel
from graph_api.acting.reminders.reading import ReminderReading
from graph_api.config import Settings
from graph_api.custody.known import keys_of_server
from graph_api.demo.conversations import ACTOR, PRACTITIONERS, THREADS
from graph_api.demo.marks import Seeds
from graph_api.demo.reminding import EARLIER_RULES, RULES
from graph_api.demo.seeding import MAPLE, ROYAL92, SEED, WITH_RULES, DemoPractices, seed_practices
from graph_api.demo.session import demo_services, demo_session, entrance
from graph_api.engine.bolt import Database
from graph_api.exchange.commands import ImportReport, ImportService
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.scope import Scope
from graph_api.kernel.stamps import utc_now
from graph_api.kernel.unit import Request
from graph_api.opening import make_auditor, ready_database
from graph_api.portal.account_commands import AccountService
from graph_api.practices.graph import Practices
from graph_api.services import Services
from tests.cli.command import Command
from tests.cli.threads import run

pytestmark = pytest.mark.timeout(1_800)

MADE = """
MATCH (n) WHERE n.practice = $practice AND (n:Thread OR n:Message OR n:Practitioner OR n:Account OR n:Person)
RETURN labels(n)[0] AS label, count(n) AS number
"""
FORGET = """
MATCH (n) WHERE n.practice = $practice AND (n:Thread OR n:Message OR n:Practitioner OR n:Location OR n:AppointmentType
  OR n:OpeningRule OR n:Appointment OR n:BookedTime OR n:IdempotencyKey)
DETACH DELETE n
"""
NO_STAFF_ADDRESS = "MATCH (p:Practice {id: $practice}) REMOVE p.staffNoticeEmail"
NO_PRACTITIONERS_ADDRESS = "MATCH (n:Practitioner) WHERE n.practice = $practice REMOVE n.noticeEmail"
HANDED_OVER = """
MATCH (t:Thread) WHERE t.practice = $practice
RETURN t.status AS status, t.assignedTo AS assigned, t.lastSequence AS messages
"""
BOOKED = "MATCH (a:Appointment) WHERE a.practice = $practice RETURN a.status AS status"
MESSAGES = sum(len(thread.messages) for thread in THREADS)


async def _no_import(_service: ImportService) -> ImportReport:
    raise AssertionError("royal92 is there")


class Demo:
    """A demo on a database, without royal92's people."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.auditor = make_auditor(settings)
        self.services: Services = demo_services(settings, database, self.auditor)

    async def start(self) -> DemoPractices:
        """As each start does."""
        enter = entrance(self.settings, self.services)
        return await seed_practices(self.database, self.services, self.auditor, enter, _no_import)

    async def leave_out_royal92(self) -> None:
        slug, name, time_zone, region = ROYAL92
        practice = Practice(new_id("practice"), slug, name, time_zone, region)
        await Practices(self.database).create(practice, utc_now())
        await Seeds(self.database).mark(practice.id, SEED)

    async def made(self, practice: Practice) -> dict[str, int]:
        """How many there are of each kind."""
        rows = await run(self.database, MADE, practice=practice.id)
        return {row["label"]: row["number"] for row in rows}


async def test_it_is_made_once_also_beside_an_earlier_demos_data(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", _env_file=None)
    async with ready_database(settings, keys_of_server(settings)) as database:
        demo = Demo(settings, database)
        await demo.leave_out_royal92()
        maple = (await demo.start()).maple
        made = await demo.made(maple)
        assert (made["Thread"], made["Message"], made["Practitioner"]) == (len(THREADS), MESSAGES, len(PRACTITIONERS))
        assert made["Account"] == 1
        threads = await run(database, HANDED_OVER, practice=maple.id)
        found = sorted((row["status"], row["assigned"] is not None) for row in threads)
        made_as = [("DONE" if one.is_settled else "OPEN", one.assigned_to is not None) for one in THREADS]
        assert found == sorted(made_as), "dates are ahead of the clock by client, so they tell no order"

        booked = await run(database, BOOKED, practice=maple.id)
        kept = {status.value for status in AppointmentStatus} - {"EXPIRED"}
        assert {row["status"] for row in booked} == kept, "one of each status that is kept"

        await demo.start()
        assert await demo.made(maple) == made, "a second start finds it"
        assert len(await run(database, BOOKED, practice=maple.id)) == len(booked)

        await Seeds(database).mark(maple.id, SEED)
        await demo.start()
        assert await demo.made(maple) == made, "what was begun is found, not begun again"

        await run(database, FORGET, practice=maple.id)
        await Seeds(database).mark(maple.id, SEED)
        await demo.start()
        assert await demo.made(maple) == made, "an earlier demo gets what it does not have"
        assert len(await run(database, BOOKED, practice=maple.id)) == len(booked)

        await _with_the_rules_of_an_earlier_demo(demo, maple)
        await _with_rules_of_its_own(demo, maple)

        assert "wherever" in await _told_by_doctor(settings)
        await run(database, NO_STAFF_ADDRESS, practice=maple.id)
        await run(database, NO_PRACTITIONERS_ADDRESS, practice=maple.id)
        assert (await _told_by_doctor(settings)).endswith(" is set: maple")

        await _without_the_account(demo, maple)


async def _with_the_rules_of_an_earlier_demo(demo: Demo, maple: Practice) -> None:
    """It gets those of today, and what is there is not booked twice."""
    before = len(await run(demo.database, BOOKED, practice=maple.id))
    await _set_rules(demo, maple, EARLIER_RULES)
    await Seeds(demo.database).mark(maple.id, WITH_RULES)
    await demo.start()
    assert await _rules(demo, maple) == RULES
    assert len(await run(demo.database, BOOKED, practice=maple.id)) == before


async def _with_rules_of_its_own(demo: Demo, maple: Practice) -> None:
    """They stay."""
    own = [RuleDraft(60, (ReminderChannel.SMS,))]
    await _set_rules(demo, maple, own)
    await Seeds(demo.database).mark(maple.id, WITH_RULES)
    await demo.start()
    assert await _rules(demo, maple) == own


def _admin(demo: Demo, maple: Practice) -> Scope:
    return demo.services.scope(Caller(ACTOR, maple, ViewerRole.ADMIN))


async def _set_rules(demo: Demo, maple: Practice, drafts: list[RuleDraft]) -> None:
    (await _admin(demo, maple)[ReminderService].set_rules(Request("setReminderRules", {}), drafts)).done()


async def _rules(demo: Demo, maple: Practice) -> list[RuleDraft]:
    found = (await _admin(demo, maple)[ReminderReading].settings()).rules
    return [RuleDraft(one.minutes_before, one.channels, one.type_ids, one.is_active) for one in found]


async def _told_by_doctor(settings: Settings) -> str:
    """What it says of notices to staff; it never calls them a fault."""
    result = await asyncio.to_thread(Command(settings.data_dir).run, "doctor", "--json")
    [check] = [check for check in json.loads(result.stdout) if check["name"] == "message notices"]
    assert check["ok"]
    return str(check["found"])


async def _without_the_account(demo: Demo, maple: Practice) -> None:
    """Somebody closed the account: the demo opens it for nobody, and offers nothing that takes it."""
    practices = await demo.start()
    assert practices.portal_user is not None
    person_id = practices.portal_user.caller.person_id
    assert person_id is not None
    whole = await demo_session(demo.settings, demo.services, practices)
    staff = demo.services.scope(Caller(ACTOR, maple, ViewerRole.STAFF))
    done = await staff[AccountService].disable(Request("disableAccount", {}), person_id, None)
    assert done.errors == ()
    practices = await demo.start()
    assert practices.portal_user is None
    left = await demo_session(demo.settings, demo.services, practices)
    assert [one.slug for one in left.practices] == [MAPLE[0], ROYAL92[0]]
    assert len(whole.tabs) - len(left.tabs) == 17
