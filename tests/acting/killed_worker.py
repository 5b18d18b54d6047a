"""A worker that reminds for one practice, as a process that tests kill: `python -m tests.acting.killed_worker SLUG`.

All else is in the environment, as for `graph-api worker`. Other tests' reminders are not its own to send.
"""

import asyncio
import sys

from graph_api.acting.reminders.handing import Handing
from graph_api.acting.reminders.looking import Looking
from graph_api.acting.reminders.planning_again import PlanningAgain
from graph_api.acting.reminders.sending import Reminding
from graph_api.config import Settings
from graph_api.kernel.stamps import utc_now
from graph_api.keys.secrets import installation_secret
from graph_api.opening import make_auditor, open_database
from graph_api.practices.graph import Practices
from graph_api.services import mail_transport, sms_gateway
from tests.acting.reminding import DuesOf, PlanningsOf


async def work(slug: str) -> None:
    """Until it is killed."""
    settings = Settings()
    database = open_database(settings)
    await database.open()
    practice = await Practices(database).by_slug(slug)
    assert practice is not None
    dues, gateway = DuesOf(database, practice), sms_gateway(settings)
    secret = installation_secret(settings.data_dir, settings.secret_file)
    handing = Handing(dues, mail_transport(settings), gateway, secret, settings.public_url)
    planning = PlanningAgain(PlanningsOf(database, practice), utc_now)
    await Reminding(dues, planning, Looking(make_auditor(settings), gateway), handing, utc_now).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
