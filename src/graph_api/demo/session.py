"""Signs GraphiQL in for the demo: as staff or an analyst of either practice, for half a day."""

from datetime import timedelta
from pathlib import Path

from graph_api.bootstrap import Services
from graph_api.config import Settings
from graph_api.demo.examples import example_tabs
from graph_api.demo.seeding import ACTOR, DemoPractices
from graph_api.http.auth import mint_token
from graph_api.http.graphiql import DemoPractice, DemoSession
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.keys import signing_key
from graph_api.network.reading import Reading

TOKENS_LAST = timedelta(hours=12)
ROYAL92_DATA = Path(__file__).parent / "data" / "royal92"


async def demo_session(settings: Settings, services: Services, practices: DemoPractices) -> DemoSession:
    """Tokens for both practices, and the examples."""
    reading = services.scope(Caller(ACTOR, practices.maple, ViewerRole.STAFF))[Reading]
    key = signing_key(settings.data_dir)

    def signed_in(practice: Practice) -> DemoPractice:
        def token(role: ViewerRole) -> str:
            subject = f"{ACTOR}-{role.value}"
            return mint_token(key, subject=subject, practice=practice.slug, role=role, lasts=TOKENS_LAST)

        return DemoPractice(practice.slug, practice.name, token(ViewerRole.STAFF), token(ViewerRole.ANALYST))

    return DemoSession(
        actor="demo staff",
        practices=(signed_in(practices.maple), signed_in(practices.royal92)),
        tabs=await example_tabs(reading),
    )
